import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import type { RedriveItem, RedriveQueue } from "../../../infrastructure/commands/toolkit/deployment/redrive-queue.ts";
import { aTranscription, bodyOf } from "../fixtures/events.ts";
import { SECRET } from "../fixtures/local.ts";

/** An archive with dead letters. */
export interface RedriveUnderTest {
  readonly archive: Archive;
  /** Dead-letters the object at `key`, which may be absent. */
  deadLetter(key: string): Promise<unknown>;
  /** Runs the steps of the object at `key` that are not done, unless the archive did that already. */
  process(key: string): Promise<unknown>;
  readonly analytics: Archive;
  open(): Promise<RedriveQueue>;
}

const KEY = "12025550101/conv_1.json";
const UNROUTED = "_other/post_call_transcription/conv_1.json";
const QUARANTINED = "_quarantine/post_call_transcription/conv_1.json";
const OTHER = "12025550101/conv_2.json";

/** The contract of every implementation of `RedriveQueue`. */
export function redriveQueueContract(name: string, aRedriveQueue: () => Promise<RedriveUnderTest>): void {
  /** Opens the queue for one operation, as a command does. */
  async function once<Result>(
    { open }: RedriveUnderTest,
    use: (queue: RedriveQueue) => Promise<Result>,
  ): Promise<Result> {
    const queue = await open();
    return use(queue).finally(queue.close);
  }
  const listed = (tested: RedriveUnderTest) => once(tested, ({ list }) => list());
  const keysOf = (queue: readonly RedriveItem[]) => queue.map(({ key }) => key);

  test(`${name}: an archive without dead letters has an empty list`, async () => {
    expect(await listed(await aRedriveQueue())).toEqual([]);
  });

  test(`${name}: dead letters are listed in the order of keys, each time`, async () => {
    const tested = await aRedriveQueue();
    for (const key of [OTHER, KEY]) {
      await tested.archive.put(key, aTranscription({ conversation_id: key.slice(12, -5) }));
      await tested.deadLetter(key);
    }
    for (let time = 0; time < 2; time += 1) {
      expect(await listed(tested)).toMatchObject([KEY, OTHER].map((key) => ({ key, state: "failed" })));
    }
    expect((await listed(tested)).map(({ since }) => since)).toEqual(
      Array(2).fill(expect.stringMatching(/^2\d{3}-.*Z$/)),
    );
  });

  test(`${name}: a missing or meanwhile processed object is listed as such`, async () => {
    const tested = await aRedriveQueue();
    await tested.archive.put(KEY, aTranscription());
    for (const key of [KEY, OTHER]) await tested.deadLetter(key);
    await tested.process(KEY);
    expect(await listed(tested)).toMatchObject([
      { key: KEY, state: "processed", reason: "processed meanwhile" },
      { key: OTHER, state: "gone", reason: "gone: the object no longer exists" },
    ]);
  });

  test(`${name}: a dropped dead letter is deleted, and the others remain`, async () => {
    const tested = await aRedriveQueue();
    for (const key of [KEY, OTHER]) await tested.deadLetter(key);
    await once(tested, async (queue) => {
      for (const item of await queue.list()) if (item.key === KEY) await queue.drop(item);
    });
    expect(keysOf(await listed(tested))).toEqual([OTHER]);
  });

  test(`${name}: an object that is sent back is processed, and no longer dead-lettered`, async () => {
    const tested = await aRedriveQueue();
    await tested.archive.put(KEY, aTranscription());
    await tested.archive.put(OTHER, aTranscription({ conversation_id: "conv_2" }));
    for (const key of [KEY, OTHER]) await tested.deadLetter(key);
    await once(tested, async (queue) => {
      for (const item of await queue.list()) if (item.key === KEY) await queue.send(item);
      await queue.waitUntilSent();
    });
    await tested.process(KEY);
    expect(keysOf(await listed(tested))).toEqual([OTHER]);
    const index = JSON.parse(String((await tested.archive.get("_index/conv_1"))?.body));
    expect(index.objects[KEY].done).toEqual(["audio", "rows", "memory"]);
  });

  /** Puts `body` at `key` as the receiver does, signed two hours before it came, and processes it. */
  async function receive(
    { archive, process }: RedriveUnderTest,
    key: string,
    body = aTranscription(),
    secret = SECRET,
  ) {
    const signed = signature(body, secret, new Date("2026-11-20T08:00:00Z"));
    const metadata = { source: "webhook", "received-at": "2026-11-20T10:02:00.000Z", "elevenlabs-signature": signed };
    await archive.put(key, body, { metadata });
    await process(key);
    return metadata;
  }
  const send = (tested: RedriveUnderTest, key: string) =>
    once(tested, async (queue) => {
      const item = (await queue.list()).find((each) => each.key === key);
      if (!item) throw new Error(`${key} is not listed`);
      const sent = await queue.send(item);
      await queue.waitUntilSent();
      return sent;
    });
  const rowsOf = async ({ analytics }: RedriveUnderTest, table: string) =>
    (await Array.fromAsync(analytics.list(`live/${table}/`))).map(({ key }) => key);

  test(`${name}: quarantined and unrouted objects are listed with their reasons`, async () => {
    const tested = await aRedriveQueue();
    await receive(tested, QUARANTINED);
    await receive(tested, UNROUTED);
    await receive(tested, "_other/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    await receive(tested, "_quarantine/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    await tested.archive.put("_quarantine/post_call_transcription/by-hand.json", Buffer.from("{"));
    const since = "2026-11-20T10:02:00.000Z";
    const unknown = "the type is not known to this version";
    expect(await listed(tested)).toMatchObject([
      { key: "_other/new_type/conv_2.json", kind: "unrouted", state: "unknown", since, reason: `unrouted: ${unknown}` },
      { key: UNROUTED, kind: "unrouted", state: "failed", since, reason: "unrouted: this version understands it" },
      {
        key: "_quarantine/new_type/conv_2.json",
        kind: "quarantined",
        state: "unknown",
        reason: `quarantined: signed 2 h before it was received; ${unknown}`,
      },
      { key: "_quarantine/post_call_transcription/by-hand.json", reason: "quarantined: no signature is on record" },
      {
        key: QUARANTINED,
        kind: "quarantined",
        state: "failed",
        since,
        attempts: null,
        reason: "quarantined: signed 2 h before it was received",
      },
    ]);
  });

  test.each([QUARANTINED, UNROUTED])(
    `${name}: %s is moved to its call with its metadata, and leaves no trace`,
    async (key) => {
      const tested = await aRedriveQueue();
      const metadata = await receive(tested, key);
      expect(await rowsOf(tested, "unrouted")).toHaveLength(1);
      expect(await send(tested, key)).toEqual({ as: KEY });
      expect(await tested.archive.get(KEY)).toMatchObject({ body: aTranscription(), metadata });
      expect(await tested.archive.head(key)).toBeUndefined();
      expect(await rowsOf(tested, "unrouted")).toEqual([]);
      const markers = await Array.fromAsync(tested.analytics.list("compaction/"));
      expect(markers.map((each) => each.key).join()).toMatch(/2026-11-20/);
      await tested.process(KEY);
      expect(await rowsOf(tested, "conversations")).toHaveLength(1);
      const indexes = await Array.fromAsync(tested.archive.list("_index/"));
      expect(indexes.map((each) => each.key)).toEqual(["_index/conv_1"]);
      expect(await listed(tested)).toEqual([]);
    },
  );

  test(`${name}: the same bytes at its call count as released, also after a crash`, async () => {
    const tested = await aRedriveQueue();
    const metadata = await receive(tested, QUARANTINED);
    await tested.archive.put(KEY, aTranscription(), { metadata });
    expect(await send(tested, QUARANTINED)).toEqual({ as: KEY });
    expect(await tested.archive.head(QUARANTINED)).toBeUndefined();
    expect(await rowsOf(tested, "unrouted")).toEqual([]);
  });

  test(`${name}: another body at its call remains, and so does the quarantined one`, async () => {
    const tested = await aRedriveQueue();
    await receive(tested, QUARANTINED);
    const newer = aTranscription({ status: "failed" });
    await tested.archive.put(KEY, newer);
    expect(await send(tested, QUARANTINED)).toEqual({ refused: expect.stringContaining(`${KEY} has another`) });
    expect((await tested.archive.get(KEY))?.body).toEqual(newer);
    expect(await tested.archive.head(QUARANTINED)).toBeDefined();
    expect(await rowsOf(tested, "unrouted")).toHaveLength(1);
  });

  test(`${name}: another body of the call under another caller remains, too`, async () => {
    const tested = await aRedriveQueue();
    await tested.archive.put("anonymous/conv_1.json", aTranscription({ metadata: {} }));
    await tested.process("anonymous/conv_1.json");
    await receive(tested, QUARANTINED);
    expect(await send(tested, QUARANTINED)).toEqual({
      refused: expect.stringContaining("anonymous/conv_1.json has another"),
    });
    expect(await tested.archive.head(KEY)).toBeUndefined();
  });

  test(`${name}: a deleted call is not restored`, async () => {
    const tested = await aRedriveQueue();
    await tested.archive.put(KEY, aTranscription());
    await tested.process(KEY);
    await tested.archive.delete(KEY);
    await receive(tested, QUARANTINED);
    expect(await send(tested, QUARANTINED)).toEqual({ refused: expect.stringContaining("deleted") });
    expect(await tested.archive.head(KEY)).toBeUndefined();
  });

  test(`${name}: an object with another signature or of an unknown type is not moved`, async () => {
    const tested = await aRedriveQueue();
    await receive(tested, QUARANTINED, aTranscription(), "wsec_older");
    await receive(tested, "_other/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    expect(await send(tested, QUARANTINED)).toEqual({
      refused: expect.stringMatching(/no known secret signed it.*2026-11-20.*ELEVENLABS_WEBHOOK_SECRET/),
    });
    expect(await send(tested, "_other/new_type/conv_2.json")).toEqual({
      refused: expect.stringContaining("not known to this version"),
    });
    expect(await listed(tested)).toHaveLength(2);
  });
}
