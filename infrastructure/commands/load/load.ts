import type { Clock } from "../../../handlers/clients/clock.ts";
import type { Health } from "../../local/health.client.ts";
import type { PostResult } from "../toolkit/post.client.ts";
import type { LoadCalls } from "./load-calls.ts";
import { accepted, type LoadResponse, type SendRun, sendAtRate } from "./send-at-rate.ts";

/** The archive that is put under load, and what can be seen of it from here. */
export interface LoadedArchive {
  post(body: Buffer): Promise<PostResult>;
  health(): Promise<Health>;
  /** How many calls whose ids begin with `idPrefix` a query finds. */
  queryable?(idPrefix: string): Promise<number>;
  /** The memory that it has in use, in bytes. */
  memory?(): Promise<number | undefined>;
}

export interface LoadOptions {
  readonly count: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** Told each time something is looked at how many calls are answered, and processed as far as the archive tells. */
  readonly onProgress: (seen: { readonly answered: number; readonly processed: number }) => void;
}

/** What happened. Times are in milliseconds since 1970, and absent where something was not reached or cannot be seen. */
export interface LoadReport extends Pick<SendRun, "began" | "lastSent" | "sent"> {
  readonly answers: readonly LoadResponse[];
  readonly processedAt?: number;
  readonly queryableAt?: number;
  /** How many calls a query found in the end. */
  readonly queryable?: number;
  /** How many objects the archive gave up on meanwhile. */
  readonly deadLettered: number;
  /** In bytes; 0 where it cannot be seen. */
  readonly mostMemory: number;
  /** Why it was stopped before its end. */
  readonly stopped?: string;
}

const POLL_MS = 250;

/** For so long nothing at all may happen, in milliseconds. */
const STALLED_MS = 120_000;

/**
 * Sends calls to `archive` at a fixed rate, waits until it has processed them and a query finds them, as far as that can
 * be seen, and answers what happened. Stops when the archive is gone, or nothing has moved for two minutes.
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
    // Counted before it is asked what is pending: what is answered after that is not among it.
    const [answered, taken] = [answers.length, accepted(answers)];
    const health = await archive.health();
    if (health.state === "gone") return { ...seen, stopped: `The archive is gone: ${health.reason}` };
    if (health.state === "unknown") pending = 0;
    if (health.state === "at work") {
      pending = health.pending;
      failedBefore ??= health.failed;
      seen = { ...seen, deadLettered: Math.max(0, health.failed - failedBefore) };
    }
    seen = { ...seen, mostMemory: Math.max(seen.mostMemory, (await archive.memory?.()) ?? 0) };
    onProgress({ answered, processed: Math.max(0, taken - pending) });

    if (answered === count && pending === 0) {
      if (health.state === "at work") seen = { processedAt: now(), ...seen };
      if (!archive.queryable) return seen;
      seen = { ...seen, queryable: await archive.queryable(idPrefix) };
      if ((seen.queryable ?? 0) + seen.deadLettered >= taken) return { ...seen, queryableAt: now() };
    }

    const progress = `${answered} of ${count} answered, ${pending} pending, ${seen.queryable ?? 0} found by a query`;
    if (progress !== last) [last, movedAt] = [progress, now()];
    else if (now() - movedAt >= STALLED_MS)
      return { ...seen, stopped: `Nothing has moved for two minutes: ${progress}` };
    await clock.sleep(POLL_MS);
  }
}
