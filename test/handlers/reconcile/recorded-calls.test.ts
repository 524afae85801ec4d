import { Readable } from "node:stream";
import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { eraseConversation } from "../../../handlers/erase/erase-conversation.ts";
import { erasuresOf } from "../../../handlers/erase/erasure.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { recordedCalls } from "../../../handlers/reconcile/recorded-calls.ts";
import { reconcileHandler } from "../../../handlers/reconcile/schedule-handler.ts";
import { aTranscription, MP3, START } from "../../support/fixtures/events.ts";
import { aWebhook, SENT } from "../../support/fixtures/webhooks.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";
const MP3_KEY = "12025550101/conv_1.mp3";
const INDEX_KEY = "_index/conv_1";
const ROW_KEY = "live/recordings/dt=2026-11-20/hr=10/conv_1.parquet";
const URL = "https://archive.example.com/post-call";
const HOUR_MS = 3_600_000;
const RECORDINGS = { recording: async () => Readable.from([MP3]) };
const LISTED = { agentId: null, startedAt: new Date(START * 1000), durationSecs: 40, isFinished: true };
const listed = (conversationId: string, startedAt: Date | null = LISTED.startedAt) => ({
  ...LISTED,
  conversationId,
  startedAt,
});

/** The ordinary call with its recording, processed, and the reconciler. `requests` has its requests to the archive. */
async function aRecordedCall({ hours = 24, deliver = true } = {}) {
  const world = aWorld({ recordings: RECORDINGS });
  if (deliver) await world.take(aTranscription());
  const requests: string[] = [];
  const logged: LogEntry[] = [];
  let now = NOW;
  const reading =
    <Result>(name: string, read: (key: string) => Result) =>
    (key: string) => {
      requests.push(`${name} ${key}`);
      return read(key);
    };
  const { archive, analytics } = world;
  const deps: Parameters<typeof reconcileHandler>[0] = {
    archive: { ...archive, get: reading("get", archive.get), head: reading("head", archive.head) },
    analytics: { list: reading("list", analytics.list) },
    recordings: RECORDINGS,
    conversations: {
      async *list() {
        yield listed("conv_1");
      },
      conversation: async () => Buffer.from(JSON.stringify(JSON.parse(aTranscription().toString()).data)),
    },
    webhooks: { state: async () => ({ webhooks: [aWebhook(URL)], settings: SENT, clockAheadSecs: 0 }) },
    agents: { agents: async () => ({ agents: [], refused: 0, isAll: true }) },
    webhookUrl: URL,
    hours,
    now: () => now,
    log: (entry) => logged.push(entry),
    measure: () => {},
  };
  return {
    world,
    logged,
    /** Runs the reconciler `afterHours` after the call began, and processes what it put. Returns its requests. */
    async runAfter(afterHours: number, changes: Partial<typeof deps> = {}) {
      now = new Date((START + 60) * 1000 + afterHours * HOUR_MS);
      requests.length = 0;
      const before = await archive.head(KEY);
      await reconcileHandler({ ...deps, ...changes })({}, { getRemainingTimeInMillis: () => 900_000 } as Context);
      const seen = [...requests];
      const after = await archive.head(KEY);
      if (after && after.version !== before?.version) await world.process(KEY, { now: () => now });
      return seen;
    },
  };
}

/** The last run that includes the call, with a window of 26 hours. */
const LAST = 26.5;

test("a call with the row of its recording needs no request to the archive until the last run, and then two", async () => {
  const { runAfter } = await aRecordedCall();
  const DAY = "list live/recordings/dt=2026-11-20/";
  for (const hours of [2, 3, 12, 25.9]) expect(await runAfter(hours)).toEqual([DAY]);
  expect(await runAfter(LAST)).toEqual([DAY, `get ${INDEX_KEY}`, `head ${KEY}`]);
});

test("a call without that row is checked in each run, as after each way to lose it", async () => {
  const { world, runAfter } = await aRecordedCall();
  await world.analytics.delete(ROW_KEY);
  for (const hours of [2, 3])
    expect(await runAfter(hours)).toEqual(expect.arrayContaining([`get ${INDEX_KEY}`, `head ${MP3_KEY}`]));
});

test("if a day cannot be listed, each of its calls is checked, and the log has the reason once", async () => {
  const { runAfter, logged } = await aRecordedCall();
  const analytics: Pick<Archive, "list"> = {
    async *list(prefix) {
      yield { key: ROW_KEY, size: 1 };
      throw new Error(`cut while listing ${prefix}`);
    },
  };
  expect(await runAfter(2, { analytics })).toEqual([`get ${INDEX_KEY}`, `head ${MP3_KEY}`]);
  const lines = logged.filter(({ event }) => event === "recordings not listed");
  expect(lines).toEqual([expect.objectContaining({ day: "2026-11-20", reason: expect.stringContaining("cut") })]);
});

test.each([
  ["its JSON", KEY],
  ["its index", INDEX_KEY],
])("a recorded call that lost %s is fetched in the last run", async (_, lost) => {
  const { world, runAfter } = await aRecordedCall();
  await world.archive.delete(lost);
  await world.archive.delete(KEY);
  await runAfter(3);
  expect(world.archive.objects.has(KEY)).toBe(false);
  await runAfter(LAST);
  expect((await readIndex(world.archive, "conv_1")).index.home?.key).toBe(KEY);
  expect(world.archive.objects.get(KEY)?.metadata).toMatchObject({ source: "api" });
});

test("a recording that is lost is fetched by the next run after the call was processed again", async () => {
  const { world, runAfter } = await aRecordedCall();
  await world.archive.delete(MP3_KEY);
  await world.archive.rePut(KEY);
  await world.process(KEY, { recordings: { recording: async () => undefined } });
  expect(world.analytics.objects.has(ROW_KEY)).toBe(false);
  await runAfter(3);
  expect([world.archive.objects.has(MP3_KEY), world.analytics.objects.has(ROW_KEY)]).toEqual([true, true]);
});

test("an erased call has no such row, and stays erased", async () => {
  const { world, runAfter } = await aRecordedCall();
  const deps = { ...world, memories: world.memories, isExclusive: false, now: () => NOW };
  for await (const erasure of erasuresOf({ conversation: "conv_1" }, world))
    expect(await eraseConversation(erasure, "requested", deps)).toBe("erased");
  expect(world.analytics.objects.has(ROW_KEY)).toBe(false);
  for (const hours of [3, LAST]) await runAfter(hours);
  expect([...world.archive.objects.keys()]).toEqual([INDEX_KEY]);
});

test("the row of a recording exists only with the MP3 and the index, wherever processing is cut", async () => {
  let cuts = 0;
  for (let effects = 0; ; effects += 1) {
    const { world } = await aRecordedCall({ deliver: false });
    const key = await world.delivered(aTranscription());
    let left = effects;
    const cut = (archive: Archive): Archive => ({
      ...archive,
      put: async (...args) => {
        if (left === 0) throw new Error("cut");
        left -= 1;
        return archive.put(...args);
      },
    });
    const cutOff = { archive: cut(world.archive), analytics: cut(world.analytics) };
    const isDone = await world.process(key, cutOff).then(
      () => true,
      () => false,
    );
    if (isDone) break;
    cuts += 1;
    if (!world.analytics.objects.has(ROW_KEY)) continue;
    expect(world.archive.objects.has(MP3_KEY), `after ${effects} effects`).toBe(true);
    expect((await readIndex(world.archive, "conv_1")).index.home?.key, `after ${effects} effects`).toBe(KEY);
  }
  expect(cuts).toBeGreaterThan(4);
});

test("lists each day once, whatever the number of calls, and finds any conversation id", async () => {
  const days: string[] = [];
  const ids = ["conv_1", "_hidden", "with space", "../up"];
  const analytics = aWorld().analytics;
  const world = aWorld({ recordings: RECORDINGS, analytics });
  for (const conversation_id of ids) await world.take(aTranscription({ conversation_id }));
  const rows: Pick<Archive, "list"> = {
    list(prefix) {
      days.push(prefix);
      return analytics.list(prefix);
    },
  };
  const isRecorded = recordedCalls(rows, () => {});
  expect(await Promise.all(ids.map((id) => isRecorded(listed(id))))).toEqual([true, true, true, true]);
  expect(await isRecorded(listed("conv_2"))).toBe(false);
  // The list of ElevenLabs has another start, or none: the call is checked.
  expect(await isRecorded(listed("conv_1", new Date(START * 1000 + 24 * HOUR_MS)))).toBe(false);
  expect(await isRecorded(listed("conv_1", null))).toBe(false);
  expect(days).toEqual(["live/recordings/dt=2026-11-20/", "live/recordings/dt=2026-11-21/"]);
  // It holds two days, and lists an earlier one again.
  await isRecorded(listed("conv_1", new Date(START * 1000 + 48 * HOUR_MS)));
  expect([await isRecorded(listed("conv_1")), days.length]).toEqual([true, 4]);
});
