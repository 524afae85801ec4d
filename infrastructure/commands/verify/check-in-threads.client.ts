import { getCompileCacheDir } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { pMapIterable } from "p-map";
import type { Attempt } from "../../../handlers/verify/unless-all-fail.ts";
import type { CheckObjects, VerifySelection } from "../../../handlers/verify/verify-archive.ts";
import type { Settings } from "../../local/settings.ts";

/** What a thread needs to check objects. */
export interface ThreadOptions {
  readonly settings: Settings;
  readonly selection: VerifySelection;
  readonly readsRecordings: boolean;
}

/** How the work is divided. */
export interface Division {
  /** How many threads check objects beside this one. */
  readonly threads: number;
  /** How many objects a thread gets at once. */
  readonly batch: number;
  /** An archive with fewer batches is checked in this thread alone, because others would take longer to start. */
  readonly leastBatches: number;
}

type Batch = readonly { readonly key: string }[];
type CheckBatch = (batch: Batch) => Promise<readonly Attempt[]>;

/** The most threads, with this one. Each takes some 50 MB, and this one lists the objects for all. */
const MOST_THREADS = 8;

/** A batch takes a thread about 50 ms. */
const BY_CORES: Division = {
  threads: Math.min(availableParallelism(), MOST_THREADS) - 1,
  batch: 64,
  leastBatches: 6,
};

/**
 * Returns a function that checks the objects of a folder by `here`, and in one thread for each other core. The results
 * are in the order of the objects.
 *
 * The first batch is checked here, so that an error that is common to all objects is the original one. From another
 * thread comes only its message.
 */
export function checkInThreads(
  here: CheckObjects,
  options: ThreadOptions,
  { threads: count, batch, leastBatches }: Division = BY_CORES,
): CheckObjects {
  if (count === 0) return here;
  return async function* (objects) {
    const batches = batchesOf(objects, batch);
    const first = await takenFrom(batches, leastBatches);
    if (first.length < leastBatches) return yield* here(first.flat());

    const threads = Array.from({ length: count }, () => openThread(options));
    // A thread has two batches, so that it does not wait for the next one. The last checker is taken first.
    const idle: CheckBatch[] = [...threads.flatMap(({ check }) => [check, check]), checkerBesideThreads(here)];
    const all = joined(first, batches);
    const mapping = { concurrency: idle.length, backpressure: 4 * idle.length };
    const found = pMapIterable(all, (each) => checkedByIdle(each, idle), mapping);
    try {
      for await (const attempts of found) yield* attempts;
    } finally {
      await Promise.all(threads.map(({ close }) => close()));
    }
  };
}

/** Checks a batch by one of the checkers that have nothing to do. There are as many as batches at a time. */
async function checkedByIdle(batch: Batch, idle: CheckBatch[]): Promise<readonly Attempt[]> {
  const check = idle.pop();
  if (!check) throw new Error("there are more batches at a time than checkers");
  try {
    return await check(batch);
  } finally {
    idle.push(check);
  }
}

/** Checks in this thread, and before each batch lets the answers of the others arrive: reading files blocks them. */
function checkerBesideThreads(here: CheckObjects): CheckBatch {
  return async (batch) => {
    await setImmediate();
    return Array.fromAsync(here(batch));
  };
}

/** Starts a thread. It answers in the order in which it is asked. */
function openThread(options: ThreadOptions): { readonly check: CheckBatch; readonly close: () => Promise<unknown> } {
  const cache = getCompileCacheDir();
  const worker = new Worker(new URL("./verify-thread.client.ts", import.meta.url), {
    workerData: options,
    // A thread has no cache of compiled modules by itself, and starts three times as fast with it.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
  });
  const asked: PromiseWithResolvers<readonly Attempt[]>[] = [];
  let failure: { readonly error: unknown } | undefined;
  worker.on("message", (found) => asked.shift()?.resolve(found));
  worker.on("error", (error) => {
    failure = { error };
    for (const each of asked) each.reject(error);
  });
  return {
    async check(batch) {
      if (failure) throw failure.error;
      const answer = Promise.withResolvers<readonly Attempt[]>();
      asked.push(answer);
      worker.postMessage(batch);
      return answer.promise;
    },
    close: () => worker.terminate(),
  };
}

async function* batchesOf(objects: Parameters<CheckObjects>[0], size: number): AsyncGenerator<Batch> {
  let batch: { readonly key: string }[] = [];
  for await (const { key } of objects) {
    batch.push({ key });
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function takenFrom(batches: AsyncGenerator<Batch>, count: number): Promise<Batch[]> {
  const taken: Batch[] = [];
  while (taken.length < count) {
    const { done, value } = await batches.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

async function* joined(first: readonly Batch[], rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield* first;
  yield* rest;
}
