import type { KnownEvent } from "../call/event.ts";
import { at, number } from "../call/json.ts";
import type { RecordingAbsence } from "../call/recording-absence.ts";
import { time } from "../call/rows/day.ts";
import { pauseBefore, type RetryPolicy } from "../clients/retry-policy.ts";

/** What the index records of a recording that is not there. Times are ISO 8601. */
export interface AbsentRecording {
  readonly state: RecordingAbsence;
  /** When ElevenLabs was last asked. Absent where it never was. */
  readonly asked_at?: string | undefined;
  /** While waiting: when ElevenLabs was first asked, and when it is asked again. */
  readonly since?: string | undefined;
  readonly next_at?: string | undefined;
}

/** What ElevenLabs has instead of a recording: none yet, no such conversation, or bytes that are no MP3. */
export type NoRecording = "not yet" | "no conversation" | "not an MP3";

/** The first three pauses between two requests. */
const FIRST_PAUSES_MS = [30_000, 120_000, 600_000];

/** The fourth pause, and the later ones. */
const LATER_PAUSES: RetryPolicy = { firstMs: 1_800_000, longestMs: Number.POSITIVE_INFINITY };

/** How long after its end a call may get its recording. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Until so long after its end a conversation that ElevenLabs does not know may only be listed late. */
const LISTED_LATE_MS = 60 * 60 * 1000;

/**
 * When a call ended: its start and its duration, but not after it was received. Where it does not state them, when it
 * was received.
 */
export function endOfCall(event: KnownEvent, receivedAt: Date): Date {
  const metadata = at(event.body.value, "data", "metadata");
  const start = time(at(metadata, "start_time_unix_secs"));
  const seconds = number(at(metadata, "call_duration_secs"));
  if (!start || seconds === null) return receivedAt;
  return new Date(Math.min(start.getTime() + 1000 * seconds, receivedAt.getTime()));
}

/** When a call gets no recording any more: a day after its end. */
export function lastFetchTime(endedAt: Date): Date {
  return new Date(endedAt.getTime() + DAY_MS);
}

/** What there is to record when ElevenLabs was asked at `now` and had no recording. `before` is what was on record. */
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

/** When a waiting recording is asked for again, `undefined` if it is not waiting. One that does not say when: now. */
export function nextFetchTime(absent: AbsentRecording | undefined): Date | undefined {
  return absent?.state === "waiting" ? (timeOf(absent.next_at) ?? new Date(0)) : undefined;
}

/** Whether no later request can find a recording, as far as is known: only a person has it asked for again. */
export function isFinallyAbsent(absent: AbsentRecording | undefined): boolean {
  return absent !== undefined && absent.state !== "waiting";
}

/** The next time of the schedule that began at `since`: however often was asked in between, it stays the same. */
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
