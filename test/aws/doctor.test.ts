import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { runCommandAsProcess } from "../support/fixtures/command.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { aDeployment, versionsIn } from "./a-deployment.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aQueue, sqs } from "./bare-deployment.ts";
import { aSecret } from "./pipeline.ts";

const CLI = "doctor";

describeAws("npm run doctor on a deployment", () => {
  test("finds problems at ElevenLabs and on AWS, and removes every version of its delivery", async () => {
    const DeadLettersUrl = await aQueue();
    const queues = { QueueUrl: await aQueue(), DeadLettersUrl };
    const { pipeline, url, StackName } = await aDeployment({
      ...queues,
      ElevenLabsSecretArn: await aSecret("sk_test"),
    });
    const server = await elevenLabsServer({ apiKey: "sk_test" });
    onTestFinished(() => server.close());
    const webhook = { webhook_id: "wh_1", webhook_url: url, auth_type: "hmac", retry_enabled: true };
    const sent = { post_call_webhook_id: "wh_1", events: ["transcript", "call_initiation_failure"] };
    server.settings.set("/v1/workspace/webhooks", { webhooks: [webhook] });
    server.settings.set("/v1/convai/settings", { webhooks: sent });
    const env = { ...AWS_ENV, ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
    const run = async () => runCommandAsProcess(CLI, await newFolder(), ["--stack", StackName], env);
    const healthy = await run();
    expect([healthy.code, healthy.error]).toEqual([0, ""]);

    await sqs.send(new SendMessageCommand({ QueueUrl: DeadLettersUrl, MessageBody: "{}" }));
    webhook.webhook_url = "https://elsewhere.example.com/x";
    const broken = await run();
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/^wrong +address +elsewhere\.example\.com, which is not this archive's$/m);
    expect(broken.out).toMatch(/^wrong +dead letters/m);
    expect(await versionsIn(pipeline)).toEqual([]);
  });
});
