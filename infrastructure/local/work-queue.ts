import { kindAt, parsedKey } from "../../handlers/call/keys.ts";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { type Log, masked, messageOf } from "../../handlers/clients/observability/log.ts";
import type { RetryPolicy } from "../../handlers/clients/retry-policy.ts";
import { readIndex } from "../../handlers/process/conversation-index.ts";
import { processingState } from "../../handlers/process/is-processed.ts";
import { isFinal, type ProcessDeps, processObject } from "../../handlers/process/process.ts";
import type { BytesInFlight } from "./bytes-in-flight.ts";
import type { DeadLetters } from "./dead-letters.client.ts";
import type { LargeWork } from "./large-work.ts";
import { type Queue, queue } from "./queue.ts";
import type { WaitingCalls } from "./waiting-calls.ts";

/** Enough to keep two cores busy while some calls wait for a service. */
const CONCURRENCY = 4;

/** Processing an object needs several times its size in memory. A larger object waits until there is memory for it. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** How long a large object waits for few bytes in flight. Slow senders cannot delay it for longer. */
const LONGEST_WAIT_MS = 60_000;

/** Eight tries in about a minute. */
const PAUSES: RetryPolicy = { firstMs: 500, longestMs: 30_000 };
const RETRIES = 7;

/**
 * The queue that processes the objects of a folder. Each ends as processed, waiting for its recording, or
 * dead-lettered. Each result is logged.
 */
export function workQueue(
  deps: ProcessDeps,
  waiting: WaitingCalls,
  deadLetters: DeadLetters,
  { inFlight, large }: { readonly inFlight: BytesInFlight; readonly large: LargeWork },
  log: Log,
): Queue {
  const { archive, now } = deps;

  /**
   * Processes large objects one at a time, when few bytes are in flight: receiving has precedence for memory, for
   * `LONGEST_WAIT_MS`. An object does not hold the turn while it waits.
   */
  async function processInTurn(key: string) {
    const size = (await archive.head(key))?.size ?? 0;
    if (size <= LARGE_BYTES) return processObject(key, deps);
    const deadline = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      await inFlight.waitUntilLow(deadline - performance.now());
      const mayProcess = () => inFlight.isLow || performance.now() >= deadline;
      const result = await large.run(async () => (mayProcess() ? processObject(key, deps) : undefined));
      if (result) return result;
    }
  }

  /** Queues the call of an audio delivery, if the call waits for its recording. */
  async function requeueItsCall(key: string): Promise<void> {
    const { index } = await readIndex(archive, parsedKey(key)?.conversation ?? "");
    if (index.home && waiting.has(index.home.key)) work.add(index.home.key);
  }

  const work = queue({
    concurrency: CONCURRENCY,
    pauses: PAUSES,
    retries: RETRIES,
    groupOf: (key) => parsedKey(key)?.conversation ?? key,
    isFinal,
    async work(key) {
      // The watch also reports the receiver's own files, often while they are being processed.
      if ((await checkObject(key, archive, waiting, deadLetters)) === "settled") return;
      const result = await processInTurn(key);
      await deadLetters.remove(key);
      const { retryAt } = "retryAt" in result ? result : {};
      if (retryAt) waiting.add(key, retryAt);
      if (kindAt(key)?.expects.recording === "delivered") await requeueItsCall(key);
      const again = retryAt && { ask_again_at: retryAt.toISOString() };
      log({ event: result.outcome, key: masked(key), ...("steps" in result && { steps: result.steps }), ...again });
    },
    async onFailure(key, error, attempt, retryInMs) {
      const reason = messageOf(error);
      log({
        event: retryInMs === null ? "dead-lettered" : "failed",
        key: masked(key),
        attempt,
        reason: masked(reason),
        ...(retryInMs !== null && { retry_in_ms: retryInMs }),
      });
      if (retryInMs !== null) return;
      await deadLetters
        .add({ key, reason, attempts: attempt, given_up_at: now().toISOString() })
        .catch((cause: unknown) => log({ event: "dead letter lost", key: masked(key), reason: masked(String(cause)) }));
    },
  });
  return work;
}

/**
 * Returns whether the object at `key` must be processed.
 *
 * - `settled`: no work. The object is processed, waits for its recording, or is deleted. Its dead letter is removed.
 * - `recording due`: the recording must be requested again, because an earlier process waited for it.
 * - `open`: it must be processed. Also if its state cannot be read, because processing reports the error.
 */
export async function checkObject(
  key: string,
  archive: Archive,
  waiting: WaitingCalls,
  deadLetters: DeadLetters,
): Promise<"settled" | "open" | "recording due"> {
  // A file that a person put under a name that is no key.
  if (parsedKey(key) === undefined) return "settled";
  try {
    const { state } = await processingState(key, archive);
    if (state === "open") return state;
    if (state === "processed") waiting.remove(key);
    await deadLetters.remove(key);
    return state === "waiting" && !waiting.has(key) ? "recording due" : "settled";
  } catch {
    return "open";
  }
}
