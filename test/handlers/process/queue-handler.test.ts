import type { Context, SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import type { Measurement } from "../../../handlers/clients/measure.ts";
import { queueHandler } from "../../../handlers/process/queue-handler.ts";
import { anAudio, aTranscription } from "../../fixtures/events.ts";
import { aWorld } from "../../fixtures/world.ts";

/** A world whose messages are taken by the handler, `attempt` times delivered. */
function aQueue(changes: Parameters<typeof aWorld>[0] = {}) {
  const world = aWorld(changes);
  const measured: Measurement[] = [];
  const retries: [string, number][] = [];
  const handler = queueHandler({
    ...world.processing,
    retryIn: async (handle, seconds) => void retries.push([handle, seconds]),
    log: () => {},
    measure: (figures) => measured.push(...figures),
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
  return { world, measured, retries, take };
}

function message(...keys: string[]): string {
  return JSON.stringify({ Records: keys.map((key) => ({ s3: { object: { key } } })) });
}

test("objects of one conversation in one batch do not fail for each other's lease", async () => {
  const { world, take } = aQueue();
  const keys = [await world.delivered(aTranscription()), await world.delivered(anAudio())];
  expect(await take(keys.map((key) => message(key)))).toEqual([]);
});

test("what failed comes back later each time, up to half an hour", async () => {
  const memories = { add: () => Promise.reject(new Error("Mem0 is away")), forget: async () => {} };
  const { world, take, retries, measured } = aQueue({ memories });
  const key = await world.delivered(aTranscription());
  for (const attempt of [1, 2, 5, 9]) expect(await take([message(key)], attempt)).toEqual(["m0"]);
  expect(retries.map(([, seconds]) => seconds)).toEqual([15, 30, 240, 1800]);
  expect(measured).toContainEqual({ name: "Failed", value: 1, by: { step: "memory" } });
  expect(measured).toContainEqual({ name: "RowsWritten", value: 3 });
});

test.each(["no JSON", "{}", '{"Records":[{}]}', message("12025550101/%E0%A4%A.json")])(
  "a message that is no event of S3 comes back at once, until the queue gives up on it: %s",
  async (body) => {
    const { take, retries } = aQueue();
    expect(await take([body])).toEqual(["m0"]);
    expect(retries).toEqual([["h0", 0]]);
  },
);

test("an object that is itself wrong fails alone, among others of its message, too", async () => {
  const { world, take, retries } = aQueue();
  await world.archive.put("12025550101/conv_wrong.json", Buffer.from("{"));
  const key = await world.delivered(aTranscription());
  expect(await take([message("12025550101/conv_wrong.json", key)])).toEqual(["m0"]);
  expect(await world.rows("conversations")).toHaveLength(1);
  expect(retries).toEqual([["h0", 0]]);
});

test("a lease that another holds is waited for, and is not taken", async () => {
  const { world, take, retries, measured } = aQueue();
  const key = await world.delivered(aTranscription());
  const lease = { holder: "another", until: "2026-11-20T10:06:00Z" };
  const index = { conversation: "conv_1", objects: {}, days: [], lease };
  await world.archive.put("_index/conv_1", Buffer.from(JSON.stringify(index)));
  expect(await take([message(key)])).toEqual(["m0"]);
  expect(retries).toEqual([["h0", 15]]);
  expect(measured).toEqual([{ name: "Failed", value: 1, by: { step: "lease" } }]);
});
