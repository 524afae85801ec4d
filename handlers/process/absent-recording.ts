import type { KnownEvent } from "../call/event.ts";
import { at, number } from "../call/json.ts";
import type { RecordingAbsence } from "../call/recording-absence.ts";
import { time } from "../call/rows/day.ts";
import { pauseBefore, type RetryPolicy } from "../clients/retry-policy.ts";

/** The record in the index of a recording that does not exist. Times are ISO 8601. */
export interface AbsentRecording {
  readonly state: RecordingAbsence;
  /** When the recording was last requested from ElevenLabs. Absent if it never was. */
  readonly asked_at?: string | undefined;
  /** While waiting: the times of the first and of the next request. */
  readonly since?: string | undefined;
  readonly next_at?: string | undefined;
}

/** What ElevenLabs has instead of a recording: none yet, no such conversation, or bytes that are not an MP3. */
export type NoRecording = "not yet" | "no conversation" | "not an MP3";

/** The first three pauses between two requests. */
const FIRST_PAUSES_MS = [30_000, 120_000, 600_000];

/** The fourth and all later pauses. */
const LATER_PAUSES: RetryPolicy = { firstMs: 1_800_000, longestMs: Number.POSITIVE_INFINITY };

/** A recording is requested until this long after the end of its call. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** For this long after its end, a conversation may be missing at ElevenLabs only because it is not listed yet. */
const LISTED_LATE_MS = 60 * 60 * 1000;

/**
 * When a call ended: its start plus its duration, but not after its receipt. If one of them is missing, the time of its
 * receipt.
 */
export function endOfCall(event: KnownEvent, receivedAt: Date): Date {
  const metadata = at(event.body.value, "data", "metadata");
  const start = time(at(metadata, "start_time_unix_secs"));
  const seconds = number(at(metadata, "call_duration_secs"));
  if (!start || seconds === null) return receivedAt;
  return new Date(Math.min(start.getTime() + 1000 * seconds, receivedAt.getTime()));
}

/** The time of the last request for the recording of a call: a day after its end. */
export function lastFetchTime(endedAt: Date): Date {
  return new Date(endedAt.getTime() + DAY_MS);
}

/** The new record after a request at `now` that returned no recording. `before` is the previous record. */
export function absentAfter(
  answer: NoRecording,
  endedAt: Date,
  before: AbsentRecording | undefined,
  now: Date,
): AbsentRecording {
  const asked_at = now.toISOString();
  if (answer === "no conversation" && now.getTime() >= endedAt.getTime() + LISTED_LATE_MS)
    return { state: "deleted", asked_at };
  const last = lastFetchTime(endedAt);
  if (now >= last) return { state: answer === "not an MP3" ? "not_decodable" : "not_produced", asked_at };
  const since = timeOf(before?.state === "waiting" ? before.since : undefined) ?? now;
  const next = Math.min(nextFetchMs(since, now), last.getTime());
  return { state: "waiting", since: since.toISOString(), asked_at, next_at: new Date(next).toISOString() };
}

/** When a waiting recording is requested next: at once if the record has no time. `undefined` if it is not waiting. */
export function nextFetchTime(absent: AbsentRecording | undefined): Date | undefined {
  return absent?.state === "waiting" ? (timeOf(absent.next_at) ?? new Date(0)) : undefined;
}

/** Whether the recording is not requested again, unless a person reprocesses the call. */
export function isFinallyAbsent(absent: AbsentRecording | undefined): boolean {
  return absent !== undefined && absent.state !== "waiting";
}

/** The next time after `now` in the schedule that began at `since`. Extra requests do not move the schedule. */
function nextFetchMs(since: Date, now: Date): number {
  let at = since.getTime();
  for (let pause = 0; at <= now.getTime() || pause === 0; pause += 1) {
    at += FIRST_PAUSES_MS[pause] ?? pauseBefore(pause - FIRST_PAUSES_MS.length, LATER_PAUSES);
  }
  return at;
}

function timeOf(text: string | undefined): Date | undefined {
  const found = new Date(text ?? Number.NaN);
  return Number.isNaN(found.getTime()) ? undefined : found;
}
