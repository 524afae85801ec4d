import { aFailure, anAudio, aTranscription, MP3, metadataWith, START, said } from "../support/fixtures/events.ts";
import { type SmallWorld, smallWorld } from "./small-world.ts";

/** Something that happens to one conversation: each step puts an object and answers its key. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly ((world: SmallWorld) => Promise<string>)[];
  /** Whether a recording is to be there in the end. */
  readonly isRecorded?: true;
  /** So long after its call ElevenLabs has produced it. The first processor comes two minutes after the call. */
  readonly readyAfterMs?: number;
}

const CALLER = "12025550101";

const audio = (world: SmallWorld) => world.put(anAudio());
const transcription = (world: SmallWorld) => world.put(aTranscription({ has_audio: false }));
/** A call of which ElevenLabs does not say whether it has a recording. */
const waitingCall = (world: SmallWorld) => world.put(aTranscription());

/** Time passes, and the queue or the reconciler tells of the call again. */
const later = (ms: number) => async (world: SmallWorld) => {
  world.pass(ms);
  return `${CALLER}/conv_1.json`;
};

const HOUR_MS = 3_600_000;

const failure = (world: SmallWorld) =>
  world.put(aFailure({ metadata: { type: "twilio", body: { To: `+${CALLER}`, From: "+12025550199" } } }));

/** So many days earlier, in other words, one turn more. */
const corrected = (days: number) => (world: SmallWorld) => {
  const metadata = metadataWith({ start_time_unix_secs: START - days * 86_400 });
  const transcript = said("Hello, how can I help?", `I want another wheel, in ${days} days.`, "Which one?");
  return world.put(aTranscription({ has_audio: false, metadata, transcript }), "person", `${CALLER}/conv_1.json`);
};

/** Each kind of work that a processor has. */
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
    name: "what is set apart",
    steps: [
      (world) => world.put(Buffer.from('{"type":"post_call_emotion","data":{"conversation_id":"conv_1"}}')),
      (world) => world.put(aTranscription(), "webhook", "_quarantine/post_call_transcription/conv_1.json"),
    ],
  },
];

/** The world of a scenario, in which nothing has happened yet. */
export function worldOf({ isRecorded, readyAfterMs }: Scenario): SmallWorld {
  return smallWorld({
    ...(readyAfterMs !== undefined && { begins: (START + 160) * 1000, readyAfterMs }),
    callers: new Map([["conv_1", CALLER]]),
    recordings: new Map(isRecorded ? [["conv_1", MP3]] : []),
  });
}

const TEN_MINUTES_MS = 600_000;
const TRIES = 10;

/** Has `process` try until it does not fail, with time for a lease to run out in between, as the queue does. */
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
