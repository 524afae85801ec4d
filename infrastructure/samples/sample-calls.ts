import type { Call } from "./call.ts";
import { unixSecs } from "./call-metadata.ts";
import type { AnsweredPlan, CallPlan, FailedPlan } from "./call-plan.ts";
import { callTimes } from "./call-times.ts";
import { AGENTS } from "./company.ts";
import { type Channel, callerFolder } from "./connection.ts";
import { callDetails } from "./details.ts";
import { failureBody } from "./failure-body.ts";
import { framesIn, mp3File } from "./mp3-file.ts";
import { pythonJson } from "./python-json.ts";
import { LOWER_CASE_AND_DIGITS, type Random, seededRandom } from "./random.ts";
import { randomPlan } from "./random-plan.ts";
import { SHOWCASE } from "./showcase.ts";
import { spokenTurns } from "./spoken-turns.ts";
import { timeline } from "./timeline.ts";
import { transcriptionBody } from "./transcription-body.ts";
import { speech } from "./voice/speech.ts";

/** An invented call, ready to be signed and posted. */
export interface SampleCall {
  readonly conversationId: string;
  readonly agentId: string;
  /** The caller's folder in the archive: digits, `user-…` or `anonymous`. */
  readonly caller: string;
  readonly channel: Channel;
  readonly startedAt: Date;
  /** A description of the features that this call shows. */
  readonly shows: string;
  readonly bodies: SampleBodies;
  /** The recording, which the archive's MP3 must equal. */
  readonly mp3?: Buffer;
}

/** The exact bodies by webhook. A failed attempt has only `failure`. A call has `transcription` and perhaps `audio`. */
export interface SampleBodies {
  readonly transcription?: string;
  readonly audio?: string;
  readonly failure?: string;
}

/** The number of calls that together show every feature. `sampleCalls` returns them first. */
export const SHOWCASE_COUNT = SHOWCASE.length;

/** The number of calls, the seed, and the week. */
export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  /** When the bodies of the last call are sent. The other calls are in the week before. */
  readonly until: Date;
}

/**
 * `count` calls to an invented bicycle repair company, oldest first.
 *
 * The first `SHOWCASE_COUNT` calls show one of each kind. The others are of ordinary days, about 0.2 MB a call. The
 * same seed gives the same ids and people for any `count`. Only the times differ.
 */
export function sampleCalls(options: SampleOptions): SampleCall[] {
  return [...eachSampleCall(options)];
}

/** Yields the calls of `sampleCalls` one by one, because thousands of them do not fit into memory together. */
export function* eachSampleCall({ count, seed, until }: SampleOptions): Generator<SampleCall> {
  for (const [index, sentAt] of callTimes(count, until, seededRandom(seed)).entries()) {
    const random = seededRandom(seed, index + 1);
    const conversationId = `conv_${random.integer(1000, 9999)}k${random.characters(23, LOWER_CASE_AND_DIGITS)}`;
    const plan: CallPlan = SHOWCASE[index] ?? randomPlan(random);
    yield plan.outcome === "failed"
      ? failedCall(plan, conversationId, sentAt, random)
      : answeredCall(plan, conversationId, sentAt, random);
  }
}

function failedCall(plan: FailedPlan, conversationId: string, sentAt: Date, random: Random): SampleCall {
  const failure = failureBody(plan, conversationId, sentAt, random);
  const startedAt = new Date(1000 * unixSecs(sentAt));
  return { ...about(plan), conversationId, agentId: AGENTS.reminders.id, startedAt, bodies: { failure } };
}

function answeredCall(plan: AnsweredPlan, conversationId: string, sentAt: Date, random: Random): SampleCall {
  const times = timeline(plan.scenario, random);
  const analysisSecs = random.integer(2, 6);
  const startedAt = new Date(1000 * (unixSecs(sentAt) - analysisSecs - times.durationSecs));
  const details = { ...callDetails(plan.person, random), ...plan.details };
  const call: Call = { plan, conversationId, startedAt, sentAt, timeline: times, details, random };
  const mp3 = plan.recording === "none" ? undefined : recording(call);
  const isSeparate = plan.recording === "delivered";
  return {
    ...about(plan),
    conversationId,
    agentId: AGENTS[plan.scenario.agent].id,
    startedAt,
    bodies: {
      transcription: transcriptionBody(call, isSeparate ? undefined : mp3),
      ...(isSeparate && mp3 ? { audio: audioBody(call, mp3) } : {}),
    },
    ...(mp3 ? { mp3 } : {}),
  };
}

function about({ shows, connection }: CallPlan): Pick<SampleCall, "shows" | "caller" | "channel"> {
  return { shows, caller: callerFolder(connection), channel: connection.channel };
}

function recording(call: Call): Buffer {
  const title = `${call.conversationId} ${call.plan.scenario.title}`;
  return mp3File(title, framesIn(call.timeline.durationSecs), speech(spokenTurns(call)));
}

function audioBody({ conversationId, plan, sentAt }: Call, mp3: Buffer): string {
  const agent_id = AGENTS[plan.scenario.agent].id;
  const data = { agent_id, conversation_id: conversationId, full_audio: mp3.toString("base64") };
  return pythonJson({ type: "post_call_audio", event_timestamp: unixSecs(sentAt), data });
}
