import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import type { RedriveItem, RedriveQueue } from "../../../infrastructure/commands/toolkit/deployment/redrive-queue.ts";
import { aTranscription, bodyOf } from "../fixtures/events.ts";
import { SECRET } from "../fixtures/local.ts";

/** An archive that has dead letters. */
export interface RedriveUnderTest {
  readonly archive: Archive;
  /** Gives up on the object at `key`, which need not be there. */
  deadLetter(key: string): Promise<unknown>;
  /** Processes the object at `key` as far as it is not done, unless that happened by itself. */
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
  /** Opens them for one thing, as a command does. */
  async function once<Result>(
    { open }: RedriveUnderTest,
    use: (queue: RedriveQueue) => Promise<Result>,
  ): Promise<Result> {
    const queue = await open();
    return use(queue).finally(queue.close);
  }
  const listed = (given: RedriveUnderTest) => once(given, ({ list }) => list());
  const keysOf = (queue: readonly RedriveItem[]) => queue.map(({ key }) => key);

  test(`${name}: there are none where nothing was dead-lettered`, async () => {
    expect(await listed(await aRedriveQueue())).toEqual([]);
  });

  test(`${name}: what was dead-lettered is listed in the order of keys, each time`, async () => {
    const given = await aRedriveQueue();
    for (const key of [OTHER, KEY]) {
      await given.archive.put(key, aTranscription({ conversation_id: key.slice(12, -5) }));
      await given.deadLetter(key);
    }
    for (let time = 0; time < 2; time += 1) {
      expect(await listed(given)).toMatchObject([KEY, OTHER].map((key) => ({ key, state: "failed" })));
    }
    expect((await listed(given)).map(({ since }) => since)).toEqual(
      Array(2).fill(expect.stringMatching(/^2\d{3}-.*Z$/)),
    );
  });

  test(`${name}: what is gone or was processed meanwhile is said to be so`, async () => {
    const given = await aRedriveQueue();
    await given.archive.put(KEY, aTranscription());
    for (const key of [KEY, OTHER]) await given.deadLetter(key);
    await given.process(KEY);
    expect(await listed(given)).toMatchObject([
      { key: KEY, state: "processed", reason: "processed meanwhile" },
      { key: OTHER, state: "gone", reason: "gone: the object no longer exists" },
    ]);
  });

  test(`${name}: what is dropped is forgotten, and the others are not`, async () => {
    const given = await aRedriveQueue();
    for (const key of [KEY, OTHER]) await given.deadLetter(key);
    await once(given, async (queue) => {
      for (const item of await queue.list()) if (item.key === KEY) await queue.drop(item);
    });
    expect(keysOf(await listed(given))).toEqual([OTHER]);
  });

  test(`${name}: what is sent back is processed, and no longer dead-lettered`, async () => {
    const given = await aRedriveQueue();
    await given.archive.put(KEY, aTranscription());
    await given.archive.put(OTHER, aTranscription({ conversation_id: "conv_2" }));
    for (const key of [KEY, OTHER]) await given.deadLetter(key);
    await once(given, async (queue) => {
      for (const item of await queue.list()) if (item.key === KEY) await queue.send(item);
      await queue.waitUntilSent();
    });
    await given.process(KEY);
    expect(keysOf(await listed(given))).toEqual([OTHER]);
    const index = JSON.parse(String((await given.archive.get("_index/conv_1"))?.body));
    expect(index.objects[KEY].done).toEqual(["audio", "rows", "memory"]);
  });

  /** Puts `body` at `key` as the receiver does: signed two hours before it came. */
  async function hold({ archive, process }: RedriveUnderTest, key: string, body = aTranscription(), secret = SECRET) {
    const signed = signature(body, secret, new Date("2026-11-20T08:00:00Z"));
    const metadata = { source: "webhook", "received-at": "2026-11-20T10:02:00.000Z", "elevenlabs-signature": signed };
    await archive.put(key, body, { metadata });
    await process(key);
    return metadata;
  }
  const send = (given: RedriveUnderTest, key: string) =>
    once(given, async (queue) => {
      const item = (await queue.list()).find((each) => each.key === key);
      if (!item) throw new Error(`${key} is not listed`);
      const sent = await queue.send(item);
      await queue.waitUntilSent();
      return sent;
    });
  const rowsOf = async ({ analytics }: RedriveUnderTest, table: string) =>
    (await Array.fromAsync(analytics.list(`live/${table}/`))).map(({ key }) => key);

  test(`${name}: what is quarantined or unrouted is listed, with the reason`, async () => {
    const given = await aRedriveQueue();
    await hold(given, QUARANTINED);
    await hold(given, UNROUTED);
    await hold(given, "_other/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    await hold(given, "_quarantine/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    await given.archive.put("_quarantine/post_call_transcription/by-hand.json", Buffer.from("{"));
    const since = "2026-11-20T10:02:00.000Z";
    const unknown = "the type is not known to this version";
    expect(await listed(given)).toMatchObject([
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
    `${name}: %s goes to its call with all that is known of it, and leaves no trace`,
    async (key) => {
      const given = await aRedriveQueue();
      const metadata = await hold(given, key);
      expect(await rowsOf(given, "unrouted")).toHaveLength(1);
      expect(await send(given, key)).toEqual({ as: KEY });
      expect(await given.archive.get(KEY)).toMatchObject({ body: aTranscription(), metadata });
      expect(await given.archive.head(key)).toBeUndefined();
      expect(await rowsOf(given, "unrouted")).toEqual([]);
      const marked = await Array.fromAsync(given.analytics.list("compaction/"));
      expect(marked.map((each) => each.key).join()).toMatch(/2026-11-20/);
      await given.process(KEY);
      expect(await rowsOf(given, "conversations")).toHaveLength(1);
      const indexes = await Array.fromAsync(given.archive.list("_index/"));
      expect(indexes.map((each) => each.key)).toEqual(["_index/conv_1"]);
      expect(await listed(given)).toEqual([]);
    },
  );

  test(`${name}: the same bytes at its call count as released, also where a crash came between`, async () => {
    const given = await aRedriveQueue();
    const metadata = await hold(given, QUARANTINED);
    await given.archive.put(KEY, aTranscription(), { metadata });
    expect(await send(given, QUARANTINED)).toEqual({ as: KEY });
    expect(await given.archive.head(QUARANTINED)).toBeUndefined();
    expect(await rowsOf(given, "unrouted")).toEqual([]);
  });

  test(`${name}: another body at its call stays, and so does what was to be released`, async () => {
    const given = await aRedriveQueue();
    await hold(given, QUARANTINED);
    const newer = aTranscription({ status: "failed" });
    await given.archive.put(KEY, newer);
    expect(await send(given, QUARANTINED)).toEqual({ refused: expect.stringContaining(`${KEY} has another`) });
    expect((await given.archive.get(KEY))?.body).toEqual(newer);
    expect(await given.archive.head(QUARANTINED)).toBeDefined();
    expect(await rowsOf(given, "unrouted")).toHaveLength(1);
  });

  test(`${name}: another body of the call under another caller stays, too`, async () => {
    const given = await aRedriveQueue();
    await given.archive.put("anonymous/conv_1.json", aTranscription({ metadata: {} }));
    await given.process("anonymous/conv_1.json");
    await hold(given, QUARANTINED);
    expect(await send(given, QUARANTINED)).toEqual({
      refused: expect.stringContaining("anonymous/conv_1.json has another"),
    });
    expect(await given.archive.head(KEY)).toBeUndefined();
  });

  test(`${name}: a call that was deleted does not come back`, async () => {
    const given = await aRedriveQueue();
    await given.archive.put(KEY, aTranscription());
    await given.process(KEY);
    await given.archive.delete(KEY);
    await hold(given, QUARANTINED);
    expect(await send(given, QUARANTINED)).toEqual({ refused: expect.stringContaining("deleted") });
    expect(await given.archive.head(KEY)).toBeUndefined();
  });

  test(`${name}: what no secret at hand signed, or this version does not know, stays`, async () => {
    const given = await aRedriveQueue();
    await hold(given, QUARANTINED, aTranscription(), "wsec_older");
    await hold(given, "_other/new_type/conv_2.json", bodyOf("new_type", { conversation_id: "conv_2" }));
    expect(await send(given, QUARANTINED)).toEqual({
      refused: expect.stringMatching(/no known secret signed it.*2026-11-20.*ELEVENLABS_WEBHOOK_SECRET/),
    });
    expect(await send(given, "_other/new_type/conv_2.json")).toEqual({
      refused: expect.stringContaining("not known to this version"),
    });
    expect(await listed(given)).toHaveLength(2);
  });
}
