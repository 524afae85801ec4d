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
import type { WorldState } from "./invariants.ts";
import { type ObjectQueue, objectQueue } from "./object-queue.ts";
import { observedBucket } from "./observed-bucket.ts";
import { type Answered, deliver, type Webhook, webhooksOf } from "./sender.ts";
import { virtualTime } from "./virtual-time.ts";

export interface FaultyWorldOptions {
  /** The same seed gives the same run. */
  readonly seed: number;
  readonly calls: number;
  /** The part of all operations that fail, from 0 to 1. */
  readonly faultRate: number;
  /** The only kinds of fault, with none in services and queues. By default, every fault. */
  readonly faultKinds?: readonly FaultKind[];
  /** Whether a webhook never reaches the receiver. */
  readonly isDropped?: (webhook: Webhook) => boolean;
  /** The time limit of an invocation of the processor, in milliseconds. By default five minutes, as deployed. */
  readonly processorLimitMs?: number;
  /** The error of the clock in the processor's next invocation, in milliseconds. */
  readonly skewMs?: () => number;
}

/** Our receiver and processors, with failing external systems. */
export interface FaultyWorld {
  /** Every call, also those of which no webhook arrived. */
  readonly calls: readonly SampleCall[];
  readonly state: WorldState;
  /** The external systems, for operator actions in a test. Run them with `startInvocation`, and `settle` after each. */
  readonly outside: Outside;
  readonly queue: ObjectQueue;
  /** The number of webhooks, including dropped ones. */
  readonly webhooks: number;
  /** Sends all webhooks, and processes until nothing is pending. Redrives dead letters. */
  run(): Promise<void>;
  /** Re-puts every delivered object in a random order, some of them twice, and processes until nothing is pending. */
  replay(): Promise<void>;
  /** Processes until nothing is pending. Redrives dead letters. Call it after each operator action. */
  settle(): Promise<void>;
}

const SECRETS = { webhook: "wsec_of_the_world", mem0: "m0-test", elevenLabs: "sk_test" };
const START = new Date("2026-11-20T00:30:00Z");

/** All webhooks are sent within this time. */
const SENDING_HOURS = 6;

const DAY_MS = 24 * 3_600_000;

/** The most redrives. Each leaves fewer dead letters, so more of them show a fault of the archive. */
const REDRIVES = 20;

/** Creates a world before its first event. Its servers are closed after the test. */
export async function faultyWorld(options: FaultyWorldOptions): Promise<FaultyWorld> {
  const { seed, faultRate, isDropped = () => false, skewMs = () => 0, processorLimitMs = 5 * 60_000 } = options;
  const random = seededRandom(seed, 1_000_001);
  const faults = randomFaults(seededRandom(seed, 1_000_002), faultRate, options.faultKinds);
  const time = virtualTime(START);
  const calls = sampleCalls({ count: options.calls, seed, until: START });
  // The pauses between retries come from `Math.random`.
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
    for (let redrives = 0; queue.redrive() + rePutWaiting() > 0; redrives += 1) {
      if (redrives === REDRIVES) throw new Error(`dead letters are left after ${REDRIVES} redrives: ${lines.at(-1)}`);
      await time.run();
    }
    // Mem0 completes the adds whose clients stopped waiting.
    mem0.finishAdds();
  }

  /**
   * Re-puts calls that still wait for a recording, as the reconciler does a day after the call. Returns their number.
   */
  function rePutWaiting(): number {
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
    state: {
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
        time.later(random.between(0, SENDING_HOURS * 3_600_000), () =>
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
