import { randomUUID } from "node:crypto";
import { unixSecs } from "../../samples/call-metadata.ts";
import { type Json, pythonJson } from "../../samples/python-json.ts";
import { type SampleCall, sampleCalls } from "../../samples/sample-calls.ts";

/** The calls of one run, which no other run has. */
export interface LoadCalls {
  /** What the ids of all of them begin with, and no other call's. */
  readonly idPrefix: string;
  /** The exact bytes of the transcription of call `n`, counted from 0. */
  body(n: number): Buffer;
}

/** Bodies are made from so many calls. Of those that are worked on at the same time no two are the same. */
const TEMPLATES = 24;

const SECONDS_A_TURN = 6;

/** Only these differ between two calls that are made from one template: making a body costs about a millisecond. */
interface Template {
  readonly text: string;
  readonly conversationId: string;
  readonly number: string;
}

/** JSON of our own making. */
type Members = { readonly [key: string]: Json | undefined };
type Transcription = {
  readonly data: Members & { readonly transcript: readonly Members[]; readonly metadata: Members };
};

/**
 * Calls that ended `now`, each in about `kilobytes` kB, however many turns that takes: 150 kB are some 160. None has a
 * recording, nor asks for one.
 *
 * Every call has another caller, the same ten thousand in each run.
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
    // A long call goes on with what was said in the next ones: repeating itself, it would compress better than speech.
    const words = [...spoken.slice(index), ...spoken.slice(0, index)].flat();
    return { text: longCall(transcriptionOf(call), words, bytes, now), ...namesOf(call) };
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

/** `transcription` with so many of `words` that it has about `bytes`, over and over if there are not enough. */
function longCall({ data, ...envelope }: Transcription, words: readonly Members[], bytes: number, now: Date): string {
  const { full_audio: _, ...rest } = data;
  let length = pythonJson({ ...rest, transcript: [] }).length;
  const transcript: Json[] = [];
  do {
    const turn = { ...words[transcript.length % words.length], time_in_call_secs: SECONDS_A_TURN * transcript.length };
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
  // An archive with ElevenLabs' key would ask for the recording of a call that says it has one, or does not say.
  const changed = { ...rest, has_audio: false, transcript, metadata };
  return pythonJson({ ...envelope, event_timestamp: unixSecs(now), data: changed });
}
