import { randomUUID } from "node:crypto";
import { unixSecs } from "../../samples/call-metadata.ts";
import { type Json, pythonJson } from "../../samples/python-json.ts";
import { type SampleCall, sampleCalls } from "../../samples/sample-calls.ts";

/** The calls of one run. No two runs have the same call. */
export interface LoadCalls {
  /** The common prefix of their ids. No other call's id has it. */
  readonly idPrefix: string;
  /** The exact bytes of the transcription of call `n`, counted from 0. */
  body(n: number): Buffer;
}

/** The number of calls from which bodies are made, so that bodies that are processed at the same time differ. */
const TEMPLATES = 24;

const SECONDS_A_TURN = 6;

/** A transcription as text. Only the id and the number are replaced: making a body takes about a millisecond. */
interface Template {
  readonly text: string;
  readonly conversationId: string;
  readonly number: string;
}

/** JSON that this project generates. */
type Members = { readonly [key: string]: Json | undefined };
type Transcription = {
  readonly data: Members & { readonly transcript: readonly Members[]; readonly metadata: Members };
};

/**
 * Returns calls that ended `now`, each of about `kilobytes` kB: 150 kB are about 160 turns. None has a recording.
 *
 * The callers are the same ten thousand in each run, one after the other.
 */
export function loadCalls(kilobytes: number, now: Date): LoadCalls {
  const idPrefix = `conv_load${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const templates = templatesOf(1000 * kilobytes, now);
  return {
    idPrefix,
    body(n) {
      const template = templates[n % templates.length];
      if (!template) throw new Error("no sample call is one over the telephone");
      const { text, conversationId, number } = template;
      const conversation = `${idPrefix}${String(n).padStart(8, "0")}`;
      const caller = `+1202555${String(n % 10_000).padStart(4, "0")}`;
      return Buffer.from(text.replaceAll(conversationId, conversation).replaceAll(number, caller));
    },
  };
}

function templatesOf(bytes: number, now: Date): Template[] {
  const calls = sampleCalls({ count: 4 * TEMPLATES, seed: 1, until: now })
    .filter(isByTelephone)
    .slice(0, TEMPLATES);
  const spoken = calls.map((call) => transcriptionOf(call).data.transcript);
  return calls.map((call, index) => {
    // Fills a long call with turns of the next calls. Repeated turns would compress better than real speech.
    const turns = [...spoken.slice(index), ...spoken.slice(0, index)].flat();
    return { text: longCall(transcriptionOf(call), turns, bytes, now), ...namesOf(call) };
  });
}

function isByTelephone({ channel, caller, bodies }: SampleCall): boolean {
  return channel === "phone" && caller !== "anonymous" && bodies.transcription !== undefined;
}

function transcriptionOf({ bodies }: SampleCall): Transcription {
  return JSON.parse(bodies.transcription ?? "");
}

function namesOf({ conversationId, caller }: SampleCall) {
  return { conversationId, number: `+${caller}` };
}

/** Returns `transcription` with about `bytes` bytes of `turns`, which are repeated if there are not enough. */
function longCall({ data, ...envelope }: Transcription, turns: readonly Members[], bytes: number, now: Date): string {
  const { full_audio: _, ...rest } = data;
  let length = pythonJson({ ...rest, transcript: [] }).length;
  const transcript: Json[] = [];
  do {
    const turn = { ...turns[transcript.length % turns.length], time_in_call_secs: SECONDS_A_TURN * transcript.length };
    transcript.push(turn);
    length += pythonJson(turn).length;
  } while (length < bytes);
  const seconds = SECONDS_A_TURN * transcript.length;
  const metadata = {
    ...rest.metadata,
    start_time_unix_secs: unixSecs(now) - seconds,
    accepted_time_unix_secs: unixSecs(now) - seconds,
    call_duration_secs: seconds,
  };
  // Without `has_audio: false`, an archive with an ElevenLabs key requests the recording.
  const changed = { ...rest, has_audio: false, transcript, metadata };
  return pythonJson({ ...envelope, event_timestamp: unixSecs(now), data: changed });
}
