import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { parameterArnOf, parameterNameOf, type SecretName } from "../../infrastructure/aws/secret-names.ts";
import { spawnCommand } from "../support/fixtures/command.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { newFolder, SECRET } from "../support/fixtures/local.ts";
import { aStack } from "./a-deployment.ts";
import { AWS, AWS_ENV, describeAws } from "./aws.ts";
import { aLambda } from "./lambda.ts";
import { aMissingSecret, aPipeline } from "./pipeline.ts";

const ssm = new SSMClient(AWS);

/** Runs the command with this standard input, and returns its exit status. */
async function runSecret(args: readonly string[], input = ""): Promise<number | null> {
  const child = spawnCommand("secret", await newFolder(), args, AWS_ENV);
  child.stdin.end(input);
  child.stdout.resume();
  child.stderr.resume();
  return new Promise((exited) => child.once("exit", exited));
}

async function aManagedSecret(SecretString: string): Promise<string> {
  const created = new CreateSecretCommand({ Name: `test-${crypto.randomUUID()}`, SecretString });
  return (await new SecretsManagerClient(AWS).send(created)).ARN ?? "";
}

async function stored(stack: string, name: SecretName) {
  const Name = parameterNameOf(stack, name);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return Parameter;
}

describeAws("npm run secret on a deployment", () => {
  test("moves the secrets of a stack to parameters, from which the receiver verifies the next delivery", async () => {
    const webhook = await aManagedSecret(SECRET);
    const stack = await aStack({
      WebhookSecretArn: webhook,
      ElevenLabsSecretArn: await aManagedSecret("sk_test"),
      Mem0SecretArn: await aManagedSecret("not set yet"),
    });
    expect(await runSecret(["--copy", "--stack", stack])).toBe(0);
    expect(await stored(stack, "webhook")).toMatchObject({ Type: "SecureString", Value: SECRET });
    expect(await stored(stack, "elevenlabs")).toMatchObject({ Type: "SecureString", Value: "sk_test" });
    await expect(stored(stack, "mem0")).rejects.toMatchObject({ name: "ParameterNotFound" });

    const pipeline = await aPipeline();
    const receiver = await aLambda("receiver", {
      ARCHIVE_BUCKET: pipeline.archive,
      WEBHOOK_SECRET_ARN: parameterArnOf(webhook, stack, "webhook"),
    });
    expect(await pipeline.deliver(aTranscription(), { to: receiver })).toMatchObject({ status: 200 });
  });

  test("until the webhook's secret is stored, the receiver answers 500 and logs what to do", async () => {
    const arn = aMissingSecret();
    const pipeline = await aPipeline();
    const receiver = await aLambda("receiver", { ARCHIVE_BUCKET: pipeline.archive, WEBHOOK_SECRET_ARN: arn });
    const deliver = () => pipeline.deliver(aTranscription(), { to: receiver });
    expect(await deliver()).toMatchObject({ status: 500 });
    const logged = receiver.lines.join("\n");
    expect(logged).toContain("is not set yet: npm run secret stores it");
    expect(logged).toContain('"event":"store failed"');

    const stack = await aStack({ WebhookSecretArn: arn });
    expect(await runSecret(["webhook", "--stack", stack], SECRET)).toBe(0);
    expect(await deliver()).toMatchObject({ status: 200 });
  });
});
