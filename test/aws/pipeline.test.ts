import { CopyObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { signature } from "../../handlers/receive/signature.ts";
import { SHOWCASE_COUNT, sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { anAudio, aTranscription, bodyOf, MP3 as MP3_BYTES, metadataWith } from "../support/fixtures/events.ts";
import { bodiesOf } from "../support/fixtures/load.ts";
import { SECRET } from "../support/fixtures/local.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { describeAws, s3 } from "./aws.ts";
import { aPipeline, aSecret } from "./pipeline.ts";

const KEY = "12025550101/conv_1.json";
const MP3 = "12025550101/conv_1.mp3";

describeAws("the bundled functions on S3 and SQS", () => {
  test("store every sample call, and write its rows and its MP3", async () => {
    const pipeline = await aPipeline();
    const calls = sampleCalls({ count: SHOWCASE_COUNT, seed: 3, until: new Date() });
    for (const body of bodiesOf(calls)) expect((await pipeline.deliver(body)).status).toBe(200);
    await pipeline.drain();

    expect(await pipeline.counts()).toEqual({ queue: 0, deadLetters: 0 });
    for (const { caller, conversationId, bodies, mp3 } of calls) {
      const name = `${caller}/${conversationId}`;
      const raw = bodies.failure ?? bodies.transcription ?? "";
      expect((await pipeline.get(`${name}${bodies.failure ? ".failure" : ""}.json`)).toString()).toBe(raw);
      if (mp3) expect((await pipeline.get(`${name}.mp3`)).equals(mp3)).toBe(true);
    }
    expect(await pipeline.rows("conversations")).toHaveLength(calls.length);
    expect(await pipeline.rows("recordings")).toHaveLength(calls.filter(({ mp3 }) => mp3).length);
  });

  test("store the signed bytes, also if API Gateway encoded them in base64", async () => {
    const pipeline = await aPipeline();
    const body = Buffer.from(aTranscription().toString().replace("refund", "r\\u00e9fund, Zoë"));
    const { status, answer } = await pipeline.deliver(body, { base64: true });
    expect([status, answer]).toEqual([200, { status: "stored", key: KEY }]);
    expect((await pipeline.get(KEY)).equals(body)).toBe(true);
    expect((await pipeline.head(KEY)).Metadata).toMatchObject({
      source: "webhook",
      "received-at": expect.stringMatching(/^\d{4}-/),
      "elevenlabs-signature": expect.stringMatching(/^t=\d+,v0=/),
    });
  });

  test("refuse an unsigned delivery, and store nothing of it", async () => {
    const pipeline = await aPipeline();
    expect(await pipeline.deliver(aTranscription(), { header: "t=1,v0=00" })).toMatchObject({ status: 401 });
    const forged = signature(aTranscription(), "wsec_other", new Date());
    expect(await pipeline.deliver(aTranscription(), { header: forged })).toMatchObject({ status: 401 });
    expect(await pipeline.keys()).toEqual([]);
  });

  test("process a repeated delivery once", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    const before = await versions(pipeline.archive, pipeline.analytics);
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    const after = await versions(pipeline.archive, pipeline.analytics);
    expect(after.filter((each) => !before.includes(each)).map(nameOf)).toEqual([KEY]);
    expect(events(pipeline.processor.lines)).toEqual(["processed", "duplicate"]);
  });

  test("request a missing recording again half a minute later, without a failure", async () => {
    const elevenLabs = await elevenLabsServer();
    onTestFinished(elevenLabs.close);
    const env = { ELEVENLABS_SECRET_ARN: await aSecret("sk_test"), ELEVENLABS_API_URL: elevenLabs.url };
    const pipeline = await aPipeline(env);
    const start_time_unix_secs = Math.floor(Date.now() / 1000) - 60;
    await pipeline.deliver(aTranscription({ has_audio: true, metadata: metadataWith({ start_time_unix_secs }) }));
    await pipeline.takeBatch();
    expect([await pipeline.counts(), await pipeline.delayed()]).toEqual([{ queue: 0, deadLetters: 0 }, 1]);
    elevenLabs.recordings.set("conv_1", MP3_BYTES);
    await expect.poll(pipeline.takeBatch, { timeout: 50_000, interval: 1_000 }).toBe(1);
    expect((await pipeline.get(MP3)).equals(MP3_BYTES)).toBe(true);
    expect([await pipeline.counts(), await pipeline.delayed()]).toEqual([{ queue: 0, deadLetters: 0 }, 0]);
    expect(await pipeline.rows("recordings")).toHaveLength(1);
  }, 120_000);

  test("process a call that a person uploads a second time, without a change of rows", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    const rows = await pipeline.rows("turns");
    await pipeline.upload(KEY, aTranscription());
    await pipeline.drain();
    expect(await pipeline.rows("turns")).toEqual(rows);
    expect(events(pipeline.processor.lines)).toEqual(["processed", "processed"]);
  });

  test("process an object that is copied over itself with new metadata", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    const source = { Bucket: pipeline.archive, Key: KEY, CopySource: `${pipeline.archive}/${KEY}` };
    await s3.send(new CopyObjectCommand({ ...source, MetadataDirective: "REPLACE", Metadata: { by: "hand" } }));
    await pipeline.drain();
    expect(events(pipeline.processor.lines)).toEqual(["processed", "processed"]);
  });

  test.each([["audio first"], ["transcription first"]])("put the delivered MP3 beside its call: %s", async (order) => {
    const pipeline = await aPipeline();
    const bodies = [anAudio(), aTranscription()];
    for (const body of order === "audio first" ? bodies : bodies.toReversed()) {
      await pipeline.deliver(body);
      await pipeline.drain();
    }
    expect((await pipeline.head(MP3)).Metadata).toMatchObject({ source: "webhook" });
    expect(await pipeline.rows("recordings")).toHaveLength(1);
  });

  test("dead-letter a poisonous message, and process the rest of its batch", async () => {
    const pipeline = await aPipeline();
    await pipeline.send("not an event");
    await pipeline.upload("12025550101/conv_poison.json", Buffer.from("{"));
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    expect(await pipeline.counts()).toEqual({ queue: 0, deadLetters: 2 });
    expect(await pipeline.rows("conversations")).toMatchObject([{ conversation_id: "conv_1" }]);
    expect((await pipeline.get("12025550101/conv_poison.json")).toString()).toBe("{");
  });

  test("write only a row for a delivery of an unknown type", async () => {
    const pipeline = await aPipeline();
    const { answer } = await pipeline.deliver(bodyOf("post_call_of_a_new_kind", { conversation_id: "conv_1" }));
    expect(answer).toMatchObject({ status: "unrouted", key: "_other/post_call_of_a_new_kind/conv_1.json" });
    await pipeline.drain();
    expect(await pipeline.rows("unrouted")).toMatchObject([{ conversation_id: "conv_1", place: "other" }]);
    expect(await pipeline.keys(pipeline.analytics)).toHaveLength(1);
  });

  test("ignore S3's test event, other keys, and deleted objects", async () => {
    const pipeline = await aPipeline();
    await pipeline.send(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: pipeline.archive }));
    await pipeline.send(s3Event("12025550101/notes/conv_9.json", "12025550101/gone.json", "_index/conv_1"));
    await pipeline.drain();
    expect(await pipeline.counts()).toEqual({ queue: 0, deadLetters: 0 });
    expect(events(pipeline.processor.lines).toSorted()).toEqual(["gone", "ignored", "ignored"]);
  });

  test("process several objects with URL-encoded keys in one message", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.deliver(anAudio());
    await pipeline.send(s3Event("12025550101%2Fconv_1.json", "_audio%2Fconv_1.json"));
    await pipeline.drain();
    expect(events(pipeline.processor.lines).toSorted()).toEqual(["duplicate", "duplicate", "processed", "processed"]);
  });

  test("are not invoked for objects that they write", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(anAudio());
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    expect(await pipeline.keys()).toContain(MP3);
    expect(await pipeline.takeBatch()).toBe(0);
    expect(events(pipeline.processor.lines)).toHaveLength(2);
  });

  test("accept a delivery with either secret during a rotation", async () => {
    const pipeline = await aPipeline();
    await pipeline.rotate(`wsec_new, ${SECRET}`);
    const header = signature(aTranscription(), "wsec_new", new Date());
    expect(await pipeline.deliver(aTranscription(), { header })).toMatchObject({ status: 200 });
    expect(await pipeline.deliver(anAudio())).toMatchObject({ status: 200 });
  });

  test("log the request id in every line, and the message id with each failed message", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.deliver(aTranscription(), { header: "" });
    await pipeline.drain();
    await pipeline.send("not an event");
    await pipeline.drain();
    const requests = (lines: readonly string[]) => new Set(entries(lines).map((entry) => at(entry, "request_id")));
    const invocations = [expect.stringMatching(/^request-\d+-1$/), expect.stringMatching(/^request-\d+-2$/)];
    expect([...requests(pipeline.receiver.lines)]).toEqual(invocations);
    expect([...requests(pipeline.processor.lines)].slice(0, 2)).toEqual(invocations);
    const failed = entries(pipeline.processor.lines).filter((entry) => at(entry, "event") === "message failed");
    expect(failed[0]).toMatchObject({
      message: "message failed",
      message_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("write a dirty marker although the first response is lost, without the right to read markers", async () => {
    const pipeline = await aPipeline();
    pipeline.processor.loseAnswer(/^s3:PutObject .*\/compaction\/dirty\//);
    await pipeline.deliver(aTranscription());
    await pipeline.drain();
    expect(events(pipeline.processor.lines)).toEqual(["processed"]);
    const marker = expect.stringMatching(/^compaction\/dirty\/dt=2026-11-20\/hr=10\/conv_1\./);
    expect(await pipeline.keys(pipeline.analytics)).toContainEqual(marker);
  });

  test("write metrics, and log no personal data", async () => {
    const pipeline = await aPipeline();
    await pipeline.deliver(aTranscription());
    await pipeline.deliver(aTranscription(), { header: "" });
    await pipeline.drain();
    expect(metrics(pipeline.receiver.lines)).toMatchObject({ Received: 1, Refused: 1 });
    expect(metrics(pipeline.processor.lines)).toMatchObject({ Processed: 1, RowsWritten: 3 });
    expect(metrics(pipeline.processor.lines)).toHaveProperty("IngestLag");
    const logged = [...pipeline.receiver.lines, ...pipeline.processor.lines].join("\n");
    expect(logged).not.toMatch(/12025550101|money back|refund|wsec_|v0=/);
  });
});

function s3Event(...keys: string[]): string {
  const Records = keys.map((key) => ({ eventVersion: "2.1", eventName: "ObjectCreated:Put", s3: { object: { key } } }));
  return JSON.stringify({ Records });
}

/** Every version of every object, as text to compare. */
async function versions(...buckets: string[]): Promise<string[]> {
  const pages = await Promise.all(buckets.map((Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket }))));
  const all = pages.flatMap(({ Versions = [], DeleteMarkers = [] }) => [...Versions, ...DeleteMarkers]);
  return all.map(({ Key, VersionId }) => `${Key} ${VersionId}`);
}

function nameOf(version: string): string {
  return version.split(" ")[0] ?? "";
}

function entries(lines: readonly string[]): unknown[] {
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

/** The logged outcome of each object, in order. */
function events(lines: readonly string[]): unknown[] {
  const outcomes = ["processed", "duplicate", "ignored", "gone"];
  return entries(lines)
    .map((entry) => at(entry, "event"))
    .filter((event) => outcomes.includes(String(event)));
}

/** The sums of the metrics in EMF lines, without those that have a dimension of ours. */
function metrics(lines: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const entry of entries(lines)) {
    if (at(entry, "_aws") === undefined || at(entry, "reason") !== undefined || at(entry, "step") !== undefined)
      continue;
    for (const [name, value] of Object.entries(Object(entry))) {
      for (const each of [value].flat()) if (/^[A-Z]/.test(name)) sums[name] = (sums[name] ?? 0) + Number(each);
    }
  }
  return sums;
}
