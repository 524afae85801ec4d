import { at, list } from "../../handlers/call/json.ts";
import { pythonJson } from "../samples/python-json.ts";
import { eachSampleCall, SHOWCASE_COUNT } from "../samples/sample-calls.ts";
import { silentMp3 } from "../samples/silent-mp3.ts";

/** The length of the call that the cost is computed for. */
const TURNS = 40;
const DURATION_SECS = 240;

/** A call of `TURNS` turns: the body of its transcription, and its recording, which the processor fetches. */
export interface TypicalCall {
  readonly conversationId: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly body: Buffer;
  readonly mp3: Buffer;
}

/**
 * Typical calls that began at these times, in order: a long sample call, cut after `TURNS` turns.
 *
 * @throws if no sample call is long enough.
 */
export function typicalCalls(starts: readonly Date[]): TypicalCall[] {
  const { data, ...envelope } = longSample();
  const { metadata, transcript, ...rest } = data;
  return starts.map((startedAt, place) => {
    const conversationId = `conv_${place + 1}000k00000000000000000000000`;
    const endedAt = new Date(startedAt.getTime() + 1000 * DURATION_SECS);
    const times = { start_time_unix_secs: seconds(startedAt), call_duration_secs: DURATION_SECS };
    const body = pythonJson({
      ...envelope,
      event_timestamp: seconds(endedAt),
      data: {
        ...rest,
        conversation_id: conversationId,
        metadata: { ...metadata, ...times },
        transcript: transcript.slice(0, TURNS),
      },
    });
    const mp3 = silentMp3({ seconds: DURATION_SECS, title: conversationId });
    return { conversationId, startedAt, endedAt, body: Buffer.from(body), mp3 };
  });
}

function longSample() {
  const until = new Date("2026-11-20T12:00:00Z");
  for (const { bodies } of eachSampleCall({ count: SHOWCASE_COUNT, seed: 1, until })) {
    // A body without audio: the recording is fetched.
    if (bodies.audio === undefined) continue;
    const event = JSON.parse(bodies.transcription ?? "null");
    if (list(at(event, "data", "transcript")).length >= TURNS) return event;
  }
  throw new Error(`no sample call has ${TURNS} turns`);
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
