import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import { AWS, s3 } from "./aws.ts";
import { aPipeline } from "./pipeline.ts";

/** Creates a stack with these outputs and one unused resource, and returns its name. */
export async function aStack(outputs: Readonly<Record<string, string>>): Promise<string> {
  const StackName = `test-${crypto.randomUUID()}`;
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } }, Outputs });
  await new CloudFormationClient(AWS).send(new CreateStackCommand({ StackName, TemplateBody }));
  return StackName;
}

/** Runs the bundled functions behind an HTTP server, with a stack whose outputs, and `more`, lead commands to them. */
export async function aDeployment(more: Readonly<Record<string, string>> = {}) {
  const pipeline = await aPipeline();
  const server = createServer(async (request, response) => {
    const header = String(request.headers["elevenlabs-signature"]);
    const { status, answer } = await pipeline.deliver(await buffer(request), { header });
    response.writeHead(Number(status)).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const polling = setInterval(() => void pipeline.takeBatch().catch(() => {}), 200);
  onTestFinished(async () => {
    clearInterval(polling);
    await new Promise((closed) => server.close(closed));
  });
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/post-call`;
  const StackName = await aStack({
    WebhookUrl: url,
    ArchiveBucketName: pipeline.archive,
    AnalyticsBucketName: pipeline.analytics,
    WebhookSecretArn: pipeline.secretArn,
    DatabaseName: "calls",
    WorkgroupName: "archive",
    ReceiverLogGroup: "receiver-logs",
    ProcessorLogGroup: "processor-logs",
    DeadLettersUrl: "dead-letters",
    ...more,
  });
  return { pipeline, StackName, url };
}

/** The keys of every version and delete marker that a deployment's buckets hold. */
export async function versionsIn({ archive, analytics }: Awaited<ReturnType<typeof aPipeline>>): Promise<string[]> {
  const listed = [archive, analytics].map((Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket })));
  const pages = await Promise.all(listed);
  return pages.flatMap(({ Versions = [], DeleteMarkers = [] }) =>
    [...Versions, ...DeleteMarkers].map(({ Key = "" }) => Key),
  );
}
