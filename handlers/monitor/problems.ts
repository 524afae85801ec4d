import type { MetricPoint } from "../clients/aws/metric-source.ts";
import type { Watched } from "./watched-metrics.ts";

/** Something that a person must look at. */
export interface Problem {
  /** The section of `docs/operating.md` that explains it. */
  readonly problem: string;
  readonly detail: string;
}

type Points = readonly MetricPoint[];

/** The points of the metrics of the last hours, by what they are read for, and of the deliveries. */
export interface Readings {
  readonly deadLetters: Points;
  readonly oldestMessage: Points;
  readonly refusals: Points;
  readonly processorErrors: Points;
  readonly processorDuration: Points;
  readonly compactorErrors: Points;
  /** `undefined` if there is no reconciler. */
  readonly reconcilerErrors?: Points;
  readonly invocations: Points;
  readonly objects: Points;
}

/** The length of a period of the metrics of the last hours, in seconds. */
export const QUARTER_HOUR_SECONDS = 15 * 60;

const HOUR_MS = 60 * 60 * 1000;

/** The hour since the last run, and a quarter of an hour for metrics that arrive late. */
const RECENT_MS = 1.25 * HOUR_MS;

/** A function that runs every hour and has not run for so long does not run. */
export const SILENCE_MS = 3 * HOUR_MS;

/** The longest normal wait of an object, in seconds. */
const LONGEST_WAIT_SECONDS = 3_600;

/** Returns what is wrong at `now`; nothing for a stack that has had no call. */
export function problemsIn(readings: Readings, watched: Watched, now: Date): Problem[] {
  const recent = (points: Points) =>
    points.filter(({ at }) => at.getTime() + QUARTER_HOUR_SECONDS * 1000 > now.getTime() - RECENT_MS);
  const found: Problem[] = [];
  const check = (isWrong: boolean, problem: string, detail: string) => {
    if (isWrong) found.push({ problem, detail });
  };

  const dead = newest(recent(readings.deadLetters));
  check(dead > 0, "DeadLetters", `${dead} dead letters`);
  const waited = newest(recent(readings.oldestMessage));
  check(waited > LONGEST_WAIT_SECONDS, "OldestMessage", `an object has waited for ${waited} s`);
  const refused = most(recent(readings.refusals));
  check(refused > watched.refusalsPerQuarterHour, "Refusals", `${refused} refused deliveries in a quarter of an hour`);
  const crashes = sum(recent(readings.processorErrors));
  check(crashes > 0, "ProcessorErrors", `the processor crashed ${crashes} times`);
  const longestMs = most(recent(readings.processorDuration));
  check(
    longestMs > 0.8 * 1000 * watched.processorTimeoutSeconds,
    "ProcessorDuration",
    `a batch took ${Math.round(longestMs / 1000)} of ${watched.processorTimeoutSeconds} s`,
  );
  check(newest(recent(readings.compactorErrors)) > 0, "CompactorErrors", "the last runs of the compactor failed");
  const failed = sum(recent(readings.reconcilerErrors ?? []));
  check(failed > 0, "ReconcilerErrors", "the last run of the reconciler failed or found a problem");
  for (const [name, points] of [
    ["CompactorErrors", readings.compactorErrors],
    ["ReconcilerErrors", readings.reconcilerErrors],
  ] as const) {
    const isSilent = points !== undefined && isOld(readings, now) && !points.some(({ at }) => isWithin(at, now));
    check(isSilent, name, "it has not run for three hours");
  }
  for (const [points, what] of [
    [readings.invocations, "no request"],
    [readings.objects, "no object to process"],
  ] as const) {
    check(isQuiet(points, watched.quietHours, now), "NoCalls", `${what} for ${watched.quietHours} hours`);
  }
  return found;
}

/** Whether there was something before the quiet hours, and nothing in them. */
function isQuiet(points: Points, quietHours: number, now: Date): boolean {
  const from = now.getTime() - quietHours * HOUR_MS;
  const some = points.filter(({ value }) => value > 0);
  return some.length > 0 && some.every(({ at }) => at.getTime() + HOUR_MS <= from);
}

/** Whether the stack is older than the longest silence: its queue has sent metrics since it exists. */
function isOld({ objects }: Readings, now: Date): boolean {
  return objects.some(({ at }) => at.getTime() + HOUR_MS < now.getTime() - SILENCE_MS);
}

function isWithin(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() - SILENCE_MS;
}

function newest(points: Points): number {
  return points.at(-1)?.value ?? 0;
}

function most(points: Points): number {
  return points.reduce((most, { value }) => Math.max(most, value), 0);
}

function sum(points: Points): number {
  return points.reduce((total, { value }) => total + value, 0);
}
