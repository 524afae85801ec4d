import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRuleCommand, EventBridgeClient, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { expect, onTestFinished, test } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { processObject } from "../../handlers/process/process.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { STATE_KEY } from "../../queries/tables/closed-days.ts";
import { aTranscription, MP3, metadataWith } from "../support/fixtures/events.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { type FaultyServer, faultyServer } from "../support/servers/faulty-server.ts";
import { mem0Server } from "../support/servers/mem0-server.ts";
import { AWS, aBucket, describeAws, s3 } from "./aws.ts";
import { aLambda } from "./lambda.ts";
import { aPipeline, aSecret } from "./pipeline.ts";
import { ACCOUNT, literalsOf } from "./stack-policies.ts";

const KEY = "12025550101/conv_1.json";

/** Closes `server` after the test. */
function closedAfterTest<Server extends FaultyServer>(server: Server): Server {
  onTestFinished(() => server.close());
  return server;
}

/** A call of two hours ago, as ElevenLabs stores it. */
function aRecentCall(conversation_id: string): Buffer {
  const start_time_unix_secs = Math.floor(Date.now() / 1000) - 2 * 60 * 60;
  return aTranscription({ conversation_id, metadata: metadataWith({ start_time_unix_secs }) });
}

function dataOf(body: Buffer): string {
  return JSON.stringify(at(JSON.parse(body.toString()), "data"));
}

describeAws("under the policies of its role, of which each statement is needed,", () => {
  test("the receiver stores a call, and the processor writes its rows, recording and memories", async () => {
    const elevenLabs = closedAfterTest(await elevenLabsServer({ apiKey: "sk_test" }));
    const mem0 = closedAfterTest(await mem0Server({ apiKey: "m0_test" }));
    elevenLabs.recordings.set("conv_1", MP3);
    const pipeline = await aPipeline({
      ELEVENLABS_SECRET_ARN: await aSecret("sk_test"),
      ELEVENLABS_API_URL: elevenLabs.url,
      MEM0_SECRET_ARN: await aSecret("m0_test"),
      MEM0_HOST: mem0.url,
    });
    await pipeline.deliver(aTranscription({ has_audio: true }));
    await pipeline.drain();
    expect(await pipeline.keys()).toEqual([KEY, KEY.replace(".json", ".mp3"), "_index/conv_1"]);
    expect(mem0.memories()).toHaveLength(2);

    // The new body has fewer rows, so rows of the first one are deleted.
    await pipeline.upload(KEY, aTranscription({ transcript: [] }));
    await pipeline.send("not an event");
    await pipeline.drain();
    expect(await pipeline.rows("turns")).toEqual([]);
    // Lambda writes the logs.
    expect(pipeline.receiver.unneeded()).toEqual([expect.stringMatching(/^receiver \d+: logs:/)]);
    expect(pipeline.processor.unneeded()).toEqual([expect.stringMatching(/^processor \d+: logs:/)]);
  });

  test("the reconciler fetches a call and the recording of another, after a run over an empty archive", async () => {
    const [archiveBucket, analyticsBucket] = [await aBucket(), await aBucket()];
    const [archive, analytics] = [s3Archive(archiveBucket, s3), s3Archive(analyticsBucket, s3)];
    const elevenLabs = closedAfterTest(await elevenLabsServer({ apiKey: "sk_test" }));
    const reconciler = await aLambda("reconciler", {
      ARCHIVE_BUCKET: archiveBucket,
      ELEVENLABS_SECRET_ARN: await aSecret("sk_test"),
      ELEVENLABS_API_URL: elevenLabs.url,
      WEBHOOK_URL: "https://archive.example.com/post-call",
    });
    await reconciler.invoke({});
    expect(await Array.fromAsync(archive.list(""))).toEqual([]);

    for (const id of ["conv_1", "conv_2"]) {
      elevenLabs.conversations.set(id, dataOf(aRecentCall(id)));
      elevenLabs.recordings.set(id, MP3);
    }
    await archive.put(KEY, aRecentCall("conv_1"), { metadata: { source: "webhook" } });
    const leaseOptions = { holder: "test", seconds: 60, isExclusive: false };
    await processObject(KEY, { archive, analytics, leaseOptions, now: () => new Date() });
    await reconciler.invoke({});
    const keys = (await Array.fromAsync(archive.list("12025550101/"))).map(({ key }) => key);
    expect(keys).toEqual(
      ["conv_1.json", "conv_1.mp3", "conv_2.json", "conv_2.mp3"].map((name) => `12025550101/${name}`),
    );
    expect(await archive.head(KEY)).toMatchObject({ metadata: { redo: "audio" } });
    expect(reconciler.unneeded()).toEqual([expect.stringMatching(/^reconciler \d+: logs:/)]);
  });

  test("the compactor and the views start on an empty bucket", async () => {
    const bucket = await aBucket();
    const athena = await anAthenaServer({ polls: 1 });
    const env = { ANALYTICS_BUCKET: bucket, DATABASE: "calls", AWS_ENDPOINT_URL_ATHENA: athena.url };
    const answers = closedAfterTest(await faultyServer(() => ({ status: 200 })));
    const views = await aLambda("views", env);
    const ids = { RequestId: "r", StackId: "s", LogicalResourceId: "Views", ResponseURL: `${answers.url}/answer` };
    await views.invoke({ ...ids, RequestType: "Create" });
    expect(athena.executions).toHaveLength(TABLES.length);

    const compactor = await aLambda("compactor", env);
    const events = new EventBridgeClient(AWS);
    const Name = String(literalsOf("compactor")["BUSY_SCHEDULE"]);
    await events.send(new PutRuleCommand({ Name, ScheduleExpression: "rate(5 minutes)", State: "DISABLED" }));
    await compactor.invoke({});
    expect(await events.send(new DescribeRuleCommand({ Name }))).toMatchObject({ State: "ENABLED" });
    // A function of another test may enable the rule between the two requests.
    await expect
      .poll(async () => {
        await compactor.invoke({ resources: [`arn:aws:events:us-east-1:${ACCOUNT}:rule/${Name}`] });
        return (await events.send(new DescribeRuleCommand({ Name }))).State;
      })
      .toBe("DISABLED");
    expect(await s3Archive(bucket, s3).head(STATE_KEY)).toBeDefined();

    await views.invoke({ ...ids, RequestType: "Update" });
    expect(answers.requests.map(({ body }) => at(JSON.parse(body), "Status"))).toEqual(["SUCCESS", "SUCCESS"]);
    // Lambda writes the logs, and Athena makes the other calls.
    expect(views.unneeded()).toEqual([
      expect.stringMatching(/^views \d+: logs:/),
      expect.stringMatching(/^views \d+: athena:GetDataCatalog/),
      expect.stringMatching(/^views \d+: glue:GetDatabase, glue:GetPartitions/),
      expect.stringMatching(/^views \d+: glue:GetDatabase on/),
      expect.stringMatching(/^views \d+: .* on bucket\/results\/\*$/),
      expect.stringMatching(/^views \d+: glue:CreateTable, glue:UpdateTable/),
    ]);
  });

  test("the monitor reads metrics, and fails when they show a problem", async () => {
    const monitor = await aLambda("monitor", {
      QUEUE_NAME: "a-queue",
      DEAD_LETTERS_NAME: "dead-letters",
      RECEIVER_NAME: "a-receiver",
      PROCESSOR_NAME: "a-processor",
      COMPACTOR_NAME: "a-compactor",
      RECONCILER_NAME: "a-reconciler",
    });
    await monitor.invoke({});
    await new CloudWatchClient(AWS).send(
      new PutMetricDataCommand({
        Namespace: "CallArchive",
        MetricData: [
          {
            MetricName: "Refused",
            Dimensions: [{ Name: "service", Value: "receiver" }],
            Value: 21,
            Timestamp: new Date(Date.now() - 60_000),
          },
        ],
      }),
    );
    await expect(monitor.invoke({})).rejects.toThrow("Refusals: 21 refused deliveries in a quarter of an hour");
    expect(monitor.unneeded()).toEqual([expect.stringMatching(/^monitor \d+: logs:/)]);
  });

  test("a function fails without a statement: a receiver without the right to put returns 500", async () => {
    const pipeline = await aPipeline();
    const put = ({ actions }: { readonly actions: readonly string[] }) => actions.includes("s3:PutObject");
    const receiver = await aLambda(
      "receiver",
      { ARCHIVE_BUCKET: pipeline.archive, WEBHOOK_SECRET_ARN: pipeline.secretArn },
      { under: (statements) => statements.filter((statement) => !put(statement)) },
    );
    expect(await pipeline.deliver(aTranscription(), { to: receiver })).toMatchObject({ status: 500 });
    expect(receiver.calls().at(-1)?.refused).toMatchObject({ action: "s3:PutObject" });
    expect(await pipeline.keys()).toEqual([]);
  });
});
