import { expect, onTestFinished, test, vi } from "vitest";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { elevenLabsConversations } from "../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { readIndex } from "../../handlers/process/conversation-index.ts";
import { reconcileHandler } from "../../handlers/reconcile/schedule-handler.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { silentMp3 } from "../../infrastructure/samples/silent-mp3.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";
import { aTranscription, metadataWith } from "../support/fixtures/events.ts";
import { aWebhook, SENT } from "../support/fixtures/webhooks.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { mem0Server } from "../support/servers/mem0-server.ts";
import { worldsOf } from "./fault-runs.ts";
import { randomFaults } from "./faults.ts";
import { processorOf } from "./functions.ts";
import { violations, type WorldState } from "./invariants.ts";
import { type ObjectQueue, objectQueue } from "./object-queue.ts";
import { observedBucket } from "./observed-bucket.ts";
import { virtualTime } from "./virtual-time.ts";

const HOUR_MS = 3_600_000;
const BEGIN = new Date("2026-11-20T00:30:00Z");
const CALLER = "12025550101";
const WEBHOOK = "https://archive.example.com/post-call";

/** How long after the webhook the recording is ready, in seconds. `Infinity`: never. */
const READY_AFTER_SECS = [0, 20, 90, 300, 2_400, 5 * 3_600, 20 * 3_600, Number.POSITIVE_INFINITY];

/**
 * Creates a world of calls whose recordings are ready late. The calls arrive within three hours. One operation in
 * twenty of the processor fails. The reconciler runs every hour for thirty hours, and its puts fail as often.
 */
async function aLateWorld({ seed, calls }: { readonly seed: number; readonly calls: number }) {
  const random = seededRandom(seed, 4_000_001);
  const faults = randomFaults(seededRandom(seed, 4_000_002), 0.05);
  const time = virtualTime(BEGIN);
  const now = () => new Date(time.now());
  const pauses = seededRandom(seed, 4_000_003);
  const drawn = vi.spyOn(Math, "random").mockImplementation(() => pauses.between(0, 1));
  const [mem0, elevenLabs] = [await mem0Server(), await elevenLabsServer({ now })];
  onTestFinished(async () => {
    drawn.mockRestore();
    await Promise.all([mem0.close(), elevenLabs.close()]);
  });
  const bucket = observedBucket((key) => queue.notify(key));
  const mp3Puts: string[] = [];
  const counted: typeof bucket = {
    ...bucket,
    async put(key, ...rest) {
      const stored = await bucket.put(key, ...rest);
      if (key.endsWith(".mp3")) mp3Puts.push(key);
      return stored;
    },
  };
  const analytics = memoryArchive();
  const lines: string[] = [];
  const log = (entry: unknown) => void lines.push(JSON.stringify(entry));
  const secrets = { webhook: "wsec_late", mem0: "m0-test", elevenLabs: "sk_test" };
  const outside = { time, faults, random, bucket: counted, analytics, mem0, elevenLabs, secrets, log };
  const work = processorOf(outside, {
    limitMs: 5 * 60_000,
    skewMs: () => 0,
    retryIn: (receipt, seconds) => queue.retryIn(receipt, seconds),
    processLater: (key, seconds) => queue.sendLater(key, seconds),
  });
  const queue: ObjectQueue = objectQueue({ time, random, concurrency: 8, work, isDeletionLost: faults.strike });
  const state: WorldState = {
    bucket,
    analytics,
    memories: () => mem0.memories(),
    answered: [],
    recordings: elevenLabs.recordings as Map<string, Buffer>,
    callers: new Map(Array.from({ length: calls }, (_, n) => [`conv_${n}`, CALLER])),
    lines,
    secrets: Object.values(secrets),
  };

  for (let n = 0; n < calls; n += 1) {
    const conversation_id = `conv_${n}`;
    const receivedInMs = random.integer(0, 3 * HOUR_MS);
    const received = BEGIN.getTime() + receivedInMs;
    const start_time_unix_secs = Math.floor(received / 1000) - 100;
    const stated = random.pick([{ has_audio: true }, {}]);
    const body = aTranscription({ conversation_id, ...stated, metadata: metadataWith({ start_time_unix_secs }) });
    elevenLabs.conversations.set(conversation_id, JSON.stringify(JSON.parse(body.toString()).data));
    const readyAfter = random.pick(READY_AFTER_SECS);
    if (readyAfter !== Number.POSITIVE_INFINITY) {
      elevenLabs.recordings.set(conversation_id, silentMp3({ seconds: 1, title: conversation_id }));
      elevenLabs.readyAt.set(conversation_id, new Date(received + 1000 * readyAfter));
    }
    const metadata = { source: "webhook", "received-at": new Date(received).toISOString() };
    time.later(receivedInMs, () => counted.put(`${CALLER}/${conversation_id}.json`, body, { metadata }));
  }

  /** The reconciler's archive. Some writes fail, before or after they are done. */
  const failing: Archive = {
    ...counted,
    put: (...args) => faulty(() => counted.put(...args)),
    rePut: (...args) => faulty(() => counted.rePut(...args)),
  };
  /** The rows. Some listings fail, before or after some keys. */
  const failingLists: Pick<Archive, "list"> = {
    async *list(prefix) {
      for await (const each of analytics.list(prefix)) {
        if (random.chance(0.02)) throw new Error("failed while listing");
        yield each;
      }
    },
  };
  async function faulty<Result>(write: () => Promise<Result>): Promise<Result> {
    if (random.chance(0.05)) throw new Error("failed before");
    const result = await write();
    if (random.chance(0.05)) throw new Error("failed after");
    return result;
  }
  const options = { apiKey: "sk_test", baseUrl: elevenLabs.url, clock: { now, sleep: async () => {} } };
  const reconcileNow = reconcileHandler({
    archive: failing,
    analytics: failingLists,
    conversations: elevenLabsConversations(options),
    recordings: elevenLabsRecordings(options),
    webhooks: { state: async () => ({ webhooks: [aWebhook(WEBHOOK)], settings: SENT, clockAheadSecs: 0 }) },
    agents: { agents: async () => ({ agents: [], refused: 0, isAll: true }) },
    webhookUrl: WEBHOOK,
    hours: 24,
    now,
    log,
    measure: log,
  });
  const context = { getRemainingTimeInMillis: () => 900_000 } as Parameters<typeof reconcileNow>[1];
  for (let hour = 1; hour <= 30; hour += 1) {
    // An operator redrives dead letters every five hours.
    time.later(hour * HOUR_MS, async () => {
      await reconcileNow({}, context).catch(() => {});
      if (hour % 5 === 0) queue.redrive();
    });
  }
  return { time, queue, state, mp3Puts, bucket, elevenLabs };
}

test.each(worldsOf(60))(
  "each late recording is stored once, and no call waits in the end (seed $seed, $calls calls)",
  async (options) => {
    const { time, queue, state, mp3Puts, bucket, elevenLabs } = await aLateWorld(options);
    await time.run();
    while (queue.redrive() > 0) await time.run();

    expect(await violations(state), `seed ${options.seed}`).toEqual([]);
    expect(mp3Puts.length).toBe(elevenLabs.recordings.size);
    expect(new Set(mp3Puts).size).toBe(elevenLabs.recordings.size);
    for (const [conversation] of elevenLabs.conversations) {
      const { recording } = (await readIndex(bucket, conversation)).index;
      const expected = elevenLabs.recordings.has(conversation) ? undefined : "not_produced";
      expect(recording?.state, conversation).toBe(expected);
    }
  },
);
