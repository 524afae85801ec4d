import type { Context, SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import type { Measurement } from "../../../handlers/clients/observability/measure.ts";
import { queueHandler } from "../../../handlers/process/queue-handler.ts";
import { keysIn, messageAbout } from "../../../handlers/process/s3-event.ts";
import { anAudio, aTranscription } from "../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";

/** A world whose messages are processed by the handler. `attempt` is how often they were delivered. */
function aQueue(changes: Partial<Parameters<typeof queueHandler>[0]> = {}) {
  const world = aWorld(changes);
  const measured: Measurement[] = [];
  const retries: [string, number][] = [];
  const later: [string, number][] = [];
  const handler = queueHandler({
    ...world.processing,
    retryIn: async (handle, seconds) => void retries.push([handle, seconds]),
    processLater: async (key, seconds) => void later.push([key, seconds]),
    log: () => {},
    measure: (measurements) => measured.push(...measurements),
    ...changes,
  });
  async function take(bodies: readonly string[], attempt = 1) {
    const Records = bodies.map((body, n) => ({
      messageId: `m${n}`,
      receiptHandle: `h${n}`,
      body,
      attributes: { ApproximateReceiveCount: String(attempt) },
    }));
    const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 60_000 };
    const answer = await handler({ Records } as unknown as SQSEvent, context as Context);
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
  return { world, measured, retries, later, take };
}

function message(...keys: string[]): string {
  return JSON.stringify({ Records: keys.map((key) => ({ s3: { object: { key } } })) });
}

test("objects of one conversation in one batch do not fail because of each other's lease", async () => {
  const { world, take } = aQueue();
  const keys = [await world.delivered(aTranscription()), await world.delivered(anAudio())];
  expect(await take(keys.map((key) => message(key)))).toEqual([]);
});

test("a failed message is delivered again after longer pauses, up to half an hour", async () => {
  const memories = { add: () => Promise.reject(new Error("Mem0 is away")), forget: async () => {} };
  const { world, take, retries, measured } = aQueue({ memories });
  const key = await world.delivered(aTranscription());
  for (const attempt of [1, 2, 5, 9]) expect(await take([message(key)], attempt)).toEqual(["m0"]);
  expect(retries.map(([, seconds]) => seconds)).toEqual([15, 30, 240, 1800]);
  expect(measured).toContainEqual({ name: "Failed", value: 1, by: { step: "memory" } });
  expect(measured).toContainEqual({ name: "RowsWritten", value: 3 });
});

test.each(["no JSON", "{}", '{"Records":[{}]}', message("12025550101/%E0%A4%A.json")])(
  "a message that is not an S3 event is delivered again at once, until it is dead-lettered: %s",
  async (body) => {
    const { take, retries } = aQueue();
    expect(await take([body])).toEqual(["m0"]);
    expect(retries).toEqual([["h0", 0]]);
  },
);

test("an unprocessable object does not stop the other objects of its message", async () => {
  const { world, take, retries } = aQueue();
  await world.archive.put("12025550101/conv_wrong.json", Buffer.from("{"));
  const key = await world.delivered(aTranscription());
  expect(await take([message("12025550101/conv_wrong.json", key)])).toEqual(["m0"]);
  expect(await world.rows("conversations")).toHaveLength(1);
  expect(retries).toEqual([["h0", 0]]);
});

test("a message is retried later while another processor holds the lease", async () => {
  const { world, take, retries, measured } = aQueue();
  const key = await world.delivered(aTranscription());
  const lease = { holder: "another", until: "2026-11-20T10:06:00Z" };
  const index = { conversation: "conv_1", objects: {}, days: [], lease };
  await world.archive.put("_index/conv_1", Buffer.from(JSON.stringify(index)));
  expect(await take([message(key)])).toEqual(["m0"]);
  expect(retries).toEqual([["h0", 15]]);
  expect(measured).toEqual([{ name: "Failed", value: 1, by: { step: "lease" } }]);
});

test("sends a message to request an absent recording after 30 seconds, 2 minutes and 10 minutes", async () => {
  let now = NOW;
  const recordings = { recording: async () => undefined };
  const { world, take, later, measured } = aQueue({ recordings, now: () => now });
  const key = await world.delivered(aTranscription({ has_audio: true }));
  expect(await take([message(key)])).toEqual([]);
  for (const [key, seconds] of later) {
    now = new Date(now.getTime() + 1000 * seconds);
    expect(await take([messageAbout(key)])).toEqual([]);
  }
  expect(later).toEqual([
    [key, 30],
    [key, 120],
    [key, 600],
  ]);
  expect(measured.filter(({ name }) => name === "Failed")).toEqual([]);
  expect(measured.filter(({ name }) => ["Processed", "IngestLag"].includes(name))).toMatchObject([
    { name: "Processed" },
    { name: "IngestLag", value: 180 },
  ]);
});

test("a message before its time is sent again with the remaining delay, and requests nothing", async () => {
  let requested = 0;
  const recordings = {
    async recording() {
      requested += 1;
      return undefined;
    },
  };
  const { world, take, later } = aQueue({ recordings });
  const key = await world.delivered(aTranscription());
  await take([message(key)]);
  await take([message(key)]);
  expect([later, requested]).toEqual([
    [
      [key, 30],
      [key, 30],
    ],
    1,
  ]);
});

test("a message fails if the next one cannot be sent, and its retry sends that one", async () => {
  const sent: string[] = [];
  let isAway = true;
  const recordings = { recording: async () => undefined };
  const processLater = async (key: string) => {
    if (isAway) throw new Error("SQS is away");
    sent.push(key);
  };
  const { world, take, retries } = aQueue({ recordings, processLater });
  const key = await world.delivered(aTranscription());
  expect(await take([message(key)])).toEqual(["m0"]);
  expect(retries).toEqual([["h0", 15]]);
  isAway = false;
  expect(await take([message(key)], 2)).toEqual([]);
  expect(sent).toEqual([key]);
});

test("a message from messageAbout has the key of its object, with any characters", () => {
  for (const key of ["12025550101/conv_1.json", "a b/ü+%&.json"]) expect(keysIn(messageAbout(key))).toEqual([key]);
});
