/*
 * Measures the verification of many calls: calls per second, and whether memory grows with their number. The archive
 * makes each object on request, and keeps none.
 *
 *   node test/measure/verify-many.ts [CALLS] [DAYS]
 *
 * Without arguments: 20,000 calls over 20 days. Half of the time is spent on making them.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ObjectHead, StoredObject } from "../../handlers/clients/archive/archive.ts";
import { signature } from "../../handlers/receive/signature.ts";
import { verifyArchive } from "../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../handlers/verify/verify-deps.ts";
import { dayFolder, liveKey } from "../../queries/tables/table.ts";
import { utcDate } from "../../queries/tables/utc-date.ts";
import { aTranscription, metadataWith, START, transcriptOf } from "../support/fixtures/events.ts";
import { aWorld, NOW } from "../support/fixtures/world.ts";

const [CALLS = 20_000, DAYS = 20] = process.argv.slice(2).map(Number);
const SECRET = "wsec_measured";
const DAY_SECS = 24 * 60 * 60;
const TABLES_WITH_ROWS = ["conversations", "turns"];

/** The number of cached calls: more than are verified at once, so that each call is made only once. */
const CACHE_SIZE = 64;

type World = ReturnType<typeof aWorld>;
const cache = new Map<number, Promise<World>>();

setFlagsFromString("--expose_gc");
const collectGarbage: () => void = runInNewContext("gc");

await measure();

async function measure(): Promise<void> {
  const startedAt = performance.now();
  // The archive has two objects per call, and the verification returns one result for each day.
  const milestones = [CALLS / 2, CALLS, 2 * CALLS, 2 * CALLS + DAYS];
  let verifiedCount = 0;
  let wrong = 0;
  for await (const { findings } of verifyArchive({}, verifying())) {
    verifiedCount += 1;
    wrong += findings.length;
    if (milestones.includes(verifiedCount)) print(verifiedCount, performance.now() - startedAt);
  }
  process.stdout.write(`findings ${wrong}\n`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

function print(verifiedCount: number, ms: number): void {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  const rate = Math.round(verifiedCount / (ms / 1000));
  const [heap, all] = [heapUsed, rss].map((bytes) => (bytes / 1e6).toFixed(1));
  process.stdout.write(`${verifiedCount} verified, ${rate} a second, heap ${heap} MB, resident ${all} MB\n`);
}

function verifying(): VerifyDeps {
  return {
    archive: {
      get: (key) => objectAt(key, "archive"),
      head: (key): Promise<ObjectHead | undefined> => objectAt(key, "archive"),
      stream: async () => undefined,
      async *list() {
        for (let n = 0; n < CALLS; n += 1) yield { key: keyOf(n), size: 0 };
        for (let n = 0; n < CALLS; n += 1) yield { key: `_index/conv_${n}`, size: 0 };
      },
    },
    analytics: {
      get: (key) => objectAt(key, "analytics"),
      head: (key): Promise<ObjectHead | undefined> => objectAt(key, "analytics"),
      stream: async () => undefined,
      async *list(prefix) {
        const [, table = "", day = ""] = /^live\/(\w+)\/dt=(.*)\/$/.exec(prefix) ?? [];
        if (!TABLES_WITH_ROWS.includes(table)) return;
        for (let n = 0; n < CALLS; n += 1) {
          if (dayOfCall(n) === day) yield { key: liveKey(table, day, `conv_${n}`), size: 0 };
        }
      },
      async *folders(prefix) {
        const table = TABLES_WITH_ROWS.find((name) => prefix === dayFolder(name, "live", "").slice(0, -1));
        for (let n = 0; table && n < DAYS; n += 1) yield dayFolder(table, "live", dayOfCall(n));
      },
    },
    secrets: async () => [SECRET],
    remembers: true,
    fetches: false,
    readsRecordings: false,
    now: () => NOW,
  };
}

async function objectAt(key: string, where: "archive" | "analytics"): Promise<StoredObject | undefined> {
  const n = /conv_(\d+)(\.|$)/.exec(key)?.[1];
  return n === undefined ? undefined : (await world(Number(n)))[where].objects.get(key);
}

function world(n: number): Promise<World> {
  const found = cache.get(n) ?? processedCall(n);
  cache.delete(n);
  cache.set(n, found);
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHE_SIZE) break;
    cache.delete(oldest);
  }
  return found;
}

/** Makes a call that was delivered and processed. */
async function processedCall(n: number): Promise<World> {
  const body = aTranscription({
    conversation_id: `conv_${n}`,
    transcript: transcriptOf(
      ...Array.from({ length: 40 }, (_, turn) => `This is what was said in turn ${turn} of call ${n}.`),
    ),
    metadata: metadataWith({
      start_time_unix_secs: startOf(n),
      phone_call: { direction: "inbound", external_number: `+${callerOf(n)}` },
    }),
  });
  const metadata = {
    source: "webhook",
    "received-at": NOW.toISOString(),
    "elevenlabs-signature": signature(body, SECRET, NOW),
  };
  const fresh = aWorld();
  await fresh.archive.put(keyOf(n), body, { metadata });
  await fresh.process(keyOf(n));
  return fresh;
}

function keyOf(n: number): string {
  return `${callerOf(n)}/conv_${n}.json`;
}

function callerOf(n: number): string {
  return `1202555${String(n % 10_000).padStart(4, "0")}`;
}

function startOf(n: number): number {
  return START - (n % DAYS) * DAY_SECS;
}

function dayOfCall(n: number): string {
  return utcDate(new Date(1000 * startOf(n)));
}
