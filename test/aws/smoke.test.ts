import { createServer } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../fixtures/command.ts";
import { newFolder } from "../fixtures/local.ts";
import { anAthenaServer } from "../servers/athena-server.ts";
import { AWS, AWS_ENV, describeAws, s3 } from "./aws.ts";
import { aPipeline } from "./pipeline.ts";

const CLI = join(import.meta.dirname, "../../infrastructure/smoke/smoke.cli.ts");

/** A deployment as the smoke test finds it: a stack with outputs, an address, and an Athena that finds `rows`. */
async function aDeployment(rows: string) {
  const pipeline = await aPipeline();
  const athena = await anAthenaServer({ answer: () => ({ columns: [{ name: "n", type: "bigint" }], rows: [[rows]] }) });
  const door = createServer(async (request, response) => {
    const header = String(request.headers["elevenlabs-signature"]);
    const { status, answer } = await pipeline.deliver(await buffer(request), { header });
    response.writeHead(Number(status)).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening));
  const address = door.address();
  const working = setInterval(() => void pipeline.takeBatch().catch(() => {}), 200);
  onTestFinished(async () => {
    clearInterval(working);
    await new Promise((closed) => door.close(closed));
  });
  const outputs = {
    WebhookUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/post-call`,
    ArchiveBucketName: pipeline.archive,
    AnalyticsBucketName: pipeline.analytics,
    WebhookSecretArn: pipeline.secretArn,
    DatabaseName: "calls",
    WorkgroupName: "archive",
    ReceiverLogGroup: "receiver-logs",
    ProcessorLogGroup: "processor-logs",
    DeadLettersUrl: "dead-letters",
  };
  const StackName = `test-${crypto.randomUUID()}`;
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } }, Outputs });
  await new CloudFormationClient(AWS).send(new CreateStackCommand({ StackName, TemplateBody }));
  return { pipeline, StackName, env: { ...AWS_ENV, AWS_ENDPOINT_URL_ATHENA: athena.url } };
}

describeAws("npm run smoke on a deployment", () => {
  test("shows what arrived, and takes every version of it away", async () => {
    const { pipeline, StackName, env } = await aDeployment("1");
    const { code, out, error } = await runCommand(CLI, await newFolder(), ["--stack", StackName], env);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/\.mp3 +\d+ +STANDARD +webhook/);
    expect(out).toContain("Everything arrived.");
    for (const Bucket of [pipeline.archive, pipeline.analytics]) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      expect([...Versions, ...DeleteMarkers]).toEqual([]);
    }
  });

  test("names the tables in which Athena does not find the call", async () => {
    const { StackName, env } = await aDeployment("0");
    const { code, error } = await runCommand(CLI, await newFolder(), ["--stack", StackName], env);
    expect(code).toBe(1);
    expect(error).toContain("Missing: conversations has no row of the call: look at the workgroup archive");
  });

  test("says that there is no such stack", async () => {
    const { code, error } = await runCommand(CLI, await newFolder(), ["--stack", "Nowhere"], AWS_ENV);
    expect([code, error]).toEqual([2, expect.stringContaining("the stack Nowhere cannot be read")]);
  });
});
