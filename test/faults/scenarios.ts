import {
  aFailure,
  anAudio,
  aTranscription,
  MP3,
  metadataWith,
  START,
  transcriptOf,
} from "../support/fixtures/events.ts";
import { type SmallWorld, smallWorld } from "./small-world.ts";

/** A sequence of events of one conversation. Each step puts an object and returns its key. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly ((world: SmallWorld) => Promise<string>)[];
  /** Whether the archive must have a recording in the end. */
  readonly isRecorded?: true;
  /** How long after the call ElevenLabs has the recording. The first processor runs two minutes after the call. */
  readonly readyAfterMs?: number;
}

const CALLER = "12025550101";

const audio = (world: SmallWorld) => world.put(anAudio());
const transcription = (world: SmallWorld) => world.put(aTranscription({ has_audio: false }));
/** A call without `has_audio`: its recording may come later. */
const waitingCall = (world: SmallWorld) => world.put(aTranscription());

/** Lets time pass. Then the queue or the reconciler sends the call again. */
const later = (ms: number) => async (world: SmallWorld) => {
  world.pass(ms);
  return `${CALLER}/conv_1.json`;
};

const HOUR_MS = 3_600_000;

const failure = (world: SmallWorld) =>
  world.put(aFailure({ metadata: { type: "twilio", body: { To: `+${CALLER}`, From: "+12025550199" } } }));

/** Puts the call with a start `days` days earlier, with other words and one more turn. */
const corrected = (days: number) => (world: SmallWorld) => {
  const metadata = metadataWith({ start_time_unix_secs: START - days * 86_400 });
  const transcript = transcriptOf("Hello, how can I help?", `I want another wheel, in ${days} days.`, "Which one?");
  return world.put(aTranscription({ has_audio: false, metadata, transcript }), "person", `${CALLER}/conv_1.json`);
};

/** Each kind of work of a processor. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a transcription with its recording in it",
    steps: [(world) => world.put(aTranscription({ full_audio: MP3.toString("base64") }))],
    isRecorded: true,
  },
  { name: "a transcription, then its audio", steps: [transcription, audio], isRecorded: true },
  { name: "audio, then its transcription", steps: [audio, transcription], isRecorded: true },
  {
    name: "a transcription whose recording is fetched",
    steps: [(world) => world.put(aTranscription({ has_audio: true }))],
    isRecorded: true,
  },
  {
    name: "a recording that is ready two hours later",
    steps: [waitingCall, later(30_000), later(2 * HOUR_MS)],
    isRecorded: true,
    readyAfterMs: 2 * HOUR_MS,
  },
  {
    name: "audio that comes while its call waits for it",
    steps: [waitingCall, later(30_000), audio],
    isRecorded: true,
    readyAfterMs: 100 * HOUR_MS,
  },
  { name: "a recording that never comes", steps: [waitingCall, later(30_000), later(24 * HOUR_MS)], readyAfterMs: 0 },
  { name: "a failure, then a transcription", steps: [failure, transcription] },
  { name: "a transcription, then a failure", steps: [transcription, failure] },
  { name: "a transcription that a person corrects", steps: [audio, transcription, corrected(1)], isRecorded: true },
  { name: "a transcription that is corrected twice", steps: [transcription, corrected(1), corrected(2)] },
  { name: "a call from the API", steps: [(world) => world.put(aTranscription({ has_audio: false }), "api")] },
  {
    name: "unrouted and quarantined objects",
    steps: [
      (world) => world.put(Buffer.from('{"type":"post_call_emotion","data":{"conversation_id":"conv_1"}}')),
      (world) => world.put(aTranscription(), "webhook", "_quarantine/post_call_transcription/conv_1.json"),
    ],
  },
];

/** Creates the world of a scenario, before its first step. */
export function worldOf({ isRecorded, readyAfterMs }: Scenario): SmallWorld {
  return smallWorld({
    ...(readyAfterMs !== undefined && { begins: (START + 160) * 1000, readyAfterMs }),
    callers: new Map([["conv_1", CALLER]]),
    recordings: new Map(isRecorded ? [["conv_1", MP3]] : []),
  });
}

const TEN_MINUTES_MS = 600_000;
const TRIES = 10;

/** Retries `process` until it succeeds, as the queue does. Each pause is longer than a lease. */
export async function tryToProcess(world: SmallWorld, process: () => Promise<unknown>): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await process();
      return;
    } catch (error) {
      if (left === 0) throw error;
      world.pass(TEN_MINUTES_MS);
    }
  }
}
