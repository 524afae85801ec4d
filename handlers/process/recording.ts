import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { KnownEvent } from "../call/event.ts";
import { at } from "../call/json.ts";
import { recordingTextOf, unescaped } from "../call/lean-json.ts";
import { BLOCK_BYTES, decodedBase64 } from "./base64.ts";
import { beginsLikeMp3, type Mp3Facts, mp3Meter } from "./mp3.ts";
import { orUnprocessable, Unprocessable } from "./unprocessable.ts";

/** The origin of a recording: embedded in the transcription, delivered as audio, or fetched from ElevenLabs' API. */
export type RecordingOrigin = "embedded" | "webhook" | "api";

/** What is known of a verified MP3. */
export interface RecordingFacts extends Mp3Facts {
  readonly origin: RecordingOrigin;
  readonly sha256: string;
  readonly bytes: number;
}

/** A verified MP3, ready to be stored. */
export interface Recording extends RecordingFacts {
  readonly body: Readable;
}

/** In bytes. A step is written to a file at once, and two of them are a part of an upload to S3. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * The recording in `data.full_audio` of an event, or `undefined` if there is none.
 *
 * It is decoded into the memory of `raw`, over its own base64: a long recording is decoded once and never in memory
 * twice. **So nothing may read `raw` afterwards**, whether or not this throws.
 *
 * @throws Unprocessable if it is not base64 or not an MP3.
 */
export function takenRecording(event: KnownEvent, raw: Buffer, origin: RecordingOrigin): Recording | undefined {
  const encoded = encodedAudio(event, raw);
  if (!encoded || encoded.length === 0) return undefined;
  const facts = checkedFacts(encoded, origin, (before) => encoded.subarray(before));
  return { ...facts, body: Readable.from(stepsOf(encoded.subarray(0, facts.bytes))) };
}

/** What is known of the recording in an event; `undefined` if there is none, or if it cannot be decoded. */
export function carriedRecording(event: KnownEvent, raw: Buffer, origin: RecordingOrigin): RecordingFacts | undefined {
  const memory = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  const carried = orUnprocessable(() => {
    const encoded = encodedAudio(event, raw);
    return encoded && encoded.length > 0 ? checkedFacts(encoded, origin, () => memory) : undefined;
  });
  return carried instanceof Unprocessable ? undefined : carried;
}

/** Decodes a recording into `memory`, as `decodedBase64` does, and checks and measures it. */
function checkedFacts(encoded: Buffer, origin: RecordingOrigin, memory: (before: number) => Buffer): RecordingFacts {
  const hash = createHash("sha256");
  const meter = mp3Meter();
  let bytes = 0;
  for (const block of decodedBase64(encoded, memory)) {
    if (bytes === 0 && !beginsLikeMp3(block))
      throw new Unprocessable("data.full_audio is not an MP3: no ID3 tag and no frame at its start");
    hash.update(block);
    meter.push(block);
    bytes += block.length;
  }
  return { origin, sha256: hash.digest("hex"), bytes, ...meter.facts() };
}

function* stepsOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += STEP_BYTES) yield bytes.subarray(from, from + STEP_BYTES);
}

/** The base64 text as bytes. If it is long, it is a part of `raw`, so that it is not copied. */
function encodedAudio({ body }: KnownEvent, raw: Buffer): Buffer | undefined {
  const value = at(body.value, "data", "full_audio");
  if (value === undefined || value === null) return undefined;
  const long = recordingTextOf(value, body);
  if (long) return unescaped(raw, long);
  if (typeof value !== "string") throw new Unprocessable("data.full_audio is not a string");
  return Buffer.from(value);
}
