import { expect, test } from "vitest";
import { readEvent } from "../../handlers/call/event.ts";
import { parsedKey, rawKey } from "../../handlers/call/keys.ts";
import { isFinal, processObject } from "../../handlers/process/process.ts";
import { queue } from "../../infrastructure/local/queue.ts";
import { sampleDeliveries } from "../../infrastructure/samples/deliveries.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { listMemories } from "../support/doubles/list-memories.ts";
import { memoryArchive } from "../support/doubles/memory-archive.ts";
import { worldsOf } from "./fault-runs.ts";
import { randomFaults } from "./faults.ts";
import { violations, type WorldState } from "./invariants.ts";
import { archiveIn, memoriesIn, startInvocation } from "./invocation.ts";
import { observedBucket } from "./observed-bucket.ts";

const NOW = new Date("2026-11-20T10:00:00Z");

test.each(worldsOf(60))(
  "the local queue completes every call although its stores fail (seed $seed)",
  async ({ seed, calls }) => {
    const random = seededRandom(seed, 3_000_001);
    const faults = randomFaults(random, 0.05, ["fails before", "fails after"]);
    const time = { now: () => NOW.getTime(), sleep: async () => {} };
    const invocation = startInvocation({ time, faults, random, limitMs: Number.POSITIVE_INFINITY, skewMs: 0 });
    const bucket = observedBucket((key) => work.add(key));
    const analytics = memoryArchive();
    const memories = listMemories();
    const processing = {
      archive: archiveIn(invocation, "archive", bucket),
      analytics: archiveIn(invocation, "analytics", analytics),
      memories: memoriesIn(invocation, memories),
      leaseOptions: { holder: "test", seconds: 900, isExclusive: true },
      now: invocation.clock.now,
    };
    const deadLettered = new Set<string>();
    const work = queue({
      concurrency: 4,
      pauses: { firstMs: 0, longestMs: 1 },
      retries: 4,
      groupOf: (key) => parsedKey(key)?.conversation ?? key,
      isFinal,
      work: async (key) => void (await processObject(key, processing)),
      onFailure: async (key, _error, _attempt, retryInMs) => void (retryInMs === null && deadLettered.add(key)),
    });

    const sampled = sampleCalls({ count: calls, seed, until: NOW });
    const answered: WorldState["answered"][number][] = [];
    for (const text of sampleDeliveries(sampled).map((delivery) => delivery.body)) {
      const body = Buffer.from(text);
      const key = rawKey(readEvent(body), body, undefined);
      await bucket.put(key, body, { metadata: { source: "webhook", "received-at": NOW.toISOString() } });
      answered.push({ key, webhook: { body } });
    }
    for (await work.idle(); deadLettered.size > 0; await work.idle()) {
      const again = [...deadLettered];
      deadLettered.clear();
      for (const key of again) work.add(key);
    }

    const state: WorldState = {
      bucket,
      analytics,
      memories: () => memories.all,
      answered,
      recordings: new Map(sampled.flatMap(({ conversationId, mp3 }) => (mp3 ? [[conversationId, mp3]] : []))),
      callers: new Map(sampled.map(({ conversationId, caller }) => [conversationId, caller])),
      lines: [],
      secrets: [],
    };
    expect(await violations(state), `seed ${seed}`).toEqual([]);
  },
);
