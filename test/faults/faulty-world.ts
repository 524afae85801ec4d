import { onTestFinished, vi } from "vitest";
import { parsedKey } from "../../handlers/call/keys.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { type SampleCall, sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";
import { shuffled } from "../support/fixtures/load.ts";
import { elevenLabsServer } from "../support/servers/elevenlabs-server.ts";
import { mem0Server } from "../support/servers/mem0-server.ts";
import { type FaultKind, randomFaults } from "./faults.ts";
import { type Outside, processorOf, receiverOf } from "./functions.ts";
import type { Kept } from "./invariants.ts";
import { type ObjectQueue, objectQueue } from "./object-queue.ts";
import { observedBucket } from "./observed-bucket.ts";
import { type Answered, deliver, type Webhook, webhooksOf } from "./sender.ts";
import { virtualTime } from "./virtual-time.ts";

export interface FaultyWorldOptions {
  /** The same seed, the same run. */
  readonly seed: number;
  readonly calls: number;
  /** Which part of all boundaries fails, from 0 to 1. */
  readonly faultRate: number;
  /** What alone goes wrong then, and nothing in services and queues; everything, if it is not said. */
  readonly faultKinds?: readonly FaultKind[];
  /** Webhooks that never reach the receiver. */
  readonly isDropped?: (webhook: Webhook) => boolean;
  /** How long an invocation of the processor may take before it is killed, in milliseconds; five minutes, as deployed. */
  readonly processorLimitMs?: number;
  /** By how many milliseconds the clock of the processor's next invocation is wrong. */
  readonly skewMs?: () => number;
}

/** The receiver and processors, which are ours, and all that they depend on, which fails. */
export interface FaultyWorld {
  /** Every call that was made, also those of which nothing arrived. */
  readonly calls: readonly SampleCall[];
  readonly kept: Kept;
  /** What an operator needs who comes with functions of his own: `aLife` has them run in it, `settle` sees them through. */
  readonly outside: Outside;
  readonly queue: ObjectQueue;
  /** How many webhooks were sent, the dropped ones among them. */
  readonly webhooks: number;
  /** Sends everything, and works until nothing is left to do, dead letters redriven. */
  run(): Promise<void>;
  /** Uploads every object that was received over itself, in any order, some twice, and works until all is done. */
  replay(): Promise<void>;
  /** Works until nothing is left to do, dead letters redriven: after each step of an operator. */
  settle(): Promise<void>;
}

const SECRETS = { webhook: "wsec_of_the_world", mem0: "m0-test", elevenLabs: "sk_test" };
const START = new Date("2026-11-20T00:30:00Z");

/** All webhooks are sent within so many hours. */
const HOURS = 6;

const DAY_MS = 24 * 3_600_000;

/** Each time an operator redrives, less is left; an outage that outlasts so many is none that was asked for. */
const REDRIVES = 20;

/** A world in which nothing has happened yet. Its servers end with the test. */
export async function faultyWorld(options: FaultyWorldOptions): Promise<FaultyWorld> {
  const { seed, faultRate, isDropped = () => false, skewMs = () => 0, processorLimitMs = 5 * 60_000 } = options;
  const random = seededRandom(seed, 1_000_001);
  const faults = randomFaults(seededRandom(seed, 1_000_002), faultRate, options.faultKinds);
  const time = virtualTime(START);
  const calls = sampleCalls({ count: options.calls, seed, until: START });
  // Retrying clients draw their pauses from it.
  const pauses = seededRandom(seed, 1_000_003);
  const drawn = vi.spyOn(Math, "random").mockImplementation(() => pauses.between(0, 1));
  const mem0 = await mem0Server(seed % 2 === 0 ? {} : { adds: { afterRequests: 4 } });
  const elevenLabs = await elevenLabsServer();
  onTestFinished(async () => {
    drawn.mockRestore();
    await Promise.all([mem0.close(), elevenLabs.close()]);
  });

  const bucket = observedBucket((key) => queue.notify(key));
  const analytics = memoryArchive();
  const recordings = new Map<string, Buffer>();
  for (const { conversationId, mp3 } of calls) if (mp3) recordings.set(conversationId, mp3);
  for (const [conversationId, mp3] of recordings) elevenLabs.recordings.set(conversationId, mp3);
  const answered: Answered[] = [];
  const lines: string[] = [];
  const log = (entry: unknown) => void lines.push(JSON.stringify(entry));

  const outside = { time, faults, random, bucket, analytics, mem0, elevenLabs, secrets: SECRETS, log };
  const receiver = receiverOf(outside);
  const work = processorOf(outside, {
    limitMs: processorLimitMs,
    skewMs,
    retryIn: (receipt, seconds) => queue.retryIn(receipt, seconds),
    processLater: (key, seconds) => queue.sendLater(key, seconds),
  });
  const queue = objectQueue({
    time,
    random,
    concurrency: 8,
    work,
    isDeletionLost() {
      const isLost = faults.strike();
      if (isLost) faults.count("queue", "not deleted");
      return isLost;
    },
  });

  async function settle() {
    await time.run();
    for (let redrives = 0; queue.redrive() + fetchLastTime() > 0; redrives += 1) {
      if (redrives === REDRIVES) throw new Error(`after ${REDRIVES} redrives there is more to do: ${lines.at(-1)}`);
      await time.run();
    }
    // What Mem0 has taken on, and nobody waits for any more.
    mem0.finishAdds();
  }

  /** As the reconciler does when the day of a call is over that waits for its recording. Answers how many there were. */
  function fetchLastTime(): number {
    const homes = [...bucket.objects].flatMap(([key, { body }]) => {
      if (!key.startsWith("_index/")) return [];
      const index = JSON.parse(body.toString());
      return index.recording?.state === "waiting" ? [index.home.key] : [];
    });
    for (const home of homes) time.later(DAY_MS, () => bucket.rePut(home, "audio"));
    return homes.length;
  }

  const webhooks = webhooksOf(calls, random);

  return {
    kept: {
      bucket,
      analytics,
      memories: () => mem0.memories(),
      answered,
      recordings,
      callers: new Map(calls.map(({ conversationId, caller }) => [conversationId, caller])),
      lines,
      secrets: Object.values(SECRETS),
    },
    calls,
    outside,
    queue,
    webhooks: webhooks.length,
    async run() {
      for (const webhook of webhooks) {
        const answer = (each: Answered) => void answered.push(each);
        if (isDropped(webhook)) continue;
        time.later(random.between(0, HOURS * 3_600_000), () =>
          deliver(webhook, receiver, { time, random, secret: SECRETS.webhook }, answer),
        );
      }
      await settle();
    },
    async replay() {
      const keys = [...bucket.objects.keys()].filter((key) => parsedKey(key));
      const some = keys.filter(() => random.chance(0.2));
      for (const key of shuffled([...keys, ...some], () => random.between(0, 1))) {
        time.later(random.between(0, 3_600_000), () => bucket.rePut(key));
      }
      await settle();
    },
    settle,
  };
}
