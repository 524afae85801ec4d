import type { Clock } from "../../../handlers/clients/clock.ts";
import type { Health } from "../../local/health.client.ts";
import type { PostResult } from "../toolkit/post.client.ts";
import type { LoadCalls } from "./load-calls.ts";
import { accepted, type LoadResponse, type SendRun, sendAtRate } from "./send-at-rate.ts";

/** The archive under load, and what can be measured of it. */
export interface LoadedArchive {
  post(body: Buffer): Promise<PostResult>;
  health(): Promise<Health>;
  /** The number of calls that a query finds whose ids begin with `idPrefix`. */
  queryable?(idPrefix: string): Promise<number>;
  /** Its memory in use, in bytes. */
  memory?(): Promise<number | undefined>;
}

export interface LoadOptions {
  readonly count: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** Called after each poll with the number of answered calls, and of processed calls as far as that is known. */
  readonly onProgress: (seen: { readonly answered: number; readonly processed: number }) => void;
}

/** The results. Times are in milliseconds since 1970, and absent if they were not reached or cannot be measured. */
export interface LoadReport extends Pick<SendRun, "began" | "lastSent" | "sent"> {
  readonly answers: readonly LoadResponse[];
  readonly processedAt?: number;
  readonly queryableAt?: number;
  /** The number of calls that a query found at the end. */
  readonly queryable?: number;
  /** The number of objects that were dead-lettered during the run. */
  readonly deadLettered: number;
  /** In bytes; 0 if it cannot be measured. */
  readonly mostMemory: number;
  /** Why the run ended early. */
  readonly stopped?: string;
}

const POLL_MS = 250;

/** The longest time without progress, in milliseconds. */
const STALLED_MS = 120_000;

/**
 * Sends calls to `archive` at a fixed rate, waits until they are processed and a query finds them, as far as that can
 * be measured, and returns the results. Stops when the archive no longer responds, or after two minutes without
 * progress.
 */
export async function load(calls: LoadCalls, archive: LoadedArchive, options: LoadOptions): Promise<LoadReport> {
  const sending = sendAtRate(options, (n) => archive.post(calls.body(n)), options.clock);
  const watched = await watch(sending, calls.idPrefix, archive, options);
  await sending.stop();
  const { began, lastSent, sent, answers } = sending;
  return { ...watched, began, lastSent, sent, answers };
}

type LoadProgress = Omit<LoadReport, keyof SendRun>;

async function watch(
  { answers }: SendRun,
  idPrefix: string,
  archive: LoadedArchive,
  { count, clock, onProgress }: LoadOptions,
): Promise<LoadProgress> {
  const now = () => clock.now().getTime();
  let seen: LoadProgress = { deadLettered: 0, mostMemory: 0 };
  let pending = Number.POSITIVE_INFINITY;
  let failedBefore: number | undefined;
  let [last, movedAt] = ["", now()];

  for (;;) {
    // Counts first, then requests the pending objects: a call that is answered in between is not yet processed.
    const [answered, acceptedCount] = [answers.length, accepted(answers)];
    const health = await archive.health();
    if (health.state === "gone") return { ...seen, stopped: `The archive no longer responds: ${health.reason}` };
    if (health.state === "unknown") pending = 0;
    if (health.state === "at work") {
      pending = health.pending;
      failedBefore ??= health.failed;
      seen = { ...seen, deadLettered: Math.max(0, health.failed - failedBefore) };
    }
    seen = { ...seen, mostMemory: Math.max(seen.mostMemory, (await archive.memory?.()) ?? 0) };
    onProgress({ answered, processed: Math.max(0, acceptedCount - pending) });

    if (answered === count && pending === 0) {
      if (health.state === "at work") seen = { processedAt: now(), ...seen };
      if (!archive.queryable) return seen;
      seen = { ...seen, queryable: await archive.queryable(idPrefix) };
      if ((seen.queryable ?? 0) + seen.deadLettered >= acceptedCount) return { ...seen, queryableAt: now() };
    }

    const progress = `${answered} of ${count} answered, ${pending} pending, ${seen.queryable ?? 0} found by a query`;
    if (progress !== last) [last, movedAt] = [progress, now()];
    else if (now() - movedAt >= STALLED_MS)
      return { ...seen, stopped: `There was no progress for two minutes: ${progress}` };
    await clock.sleep(POLL_MS);
  }
}
