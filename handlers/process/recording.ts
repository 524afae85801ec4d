import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { KnownEvent } from "../call/event.ts";
import { at } from "../call/json.ts";
import { recordingTextOf, unescaped } from "../call/lean-json.ts";
import { BLOCK_BYTES, decodedBase64, piecesOfBase64 } from "./base64.ts";
import { beginsLikeMp3, type Mp3Facts, mp3Meter } from "./mp3.ts";
import { orUnprocessable, Unprocessable } from "./unprocessable.ts";

/** The origin of a recording: embedded in the transcription, delivered as audio, or fetched from ElevenLabs' API. */
export type RecordingOrigin = "embedded" | "webhook" | "api";

/** A verified MP3, ready to be stored. */
export interface Recording extends Mp3Facts {
  readonly origin: RecordingOrigin;
  readonly sha256: string;
  readonly bytes: number;
  readonly body: Readable;
}

/**
 * The recording in `data.full_audio` of an event, or `undefined` if there is none.
 *
 * @throws Unprocessable if it is not base64 or not an MP3.
 */
export function carriedRecording(event: KnownEvent, raw: Buffer, origin: RecordingOrigin): Recording | undefined {
  const encoded = encodedAudio(event, raw);
  if (!encoded || encoded.length === 0) return undefined;
  const hash = createHash("sha256");
  const meter = mp3Meter();
  const memory = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let [isFirst, bytes] = [true, 0];
  for (const block of decodedBase64(encoded, () => memory)) {
    if (isFirst && !beginsLikeMp3(block))
      throw new Unprocessable("data.full_audio is not an MP3: no ID3 tag and no frame at its start");
    isFirst = false;
    hash.update(block);
    meter.push(block);
    bytes += block.length;
  }
  // The body is decoded a second time while it is stored, so that a long recording is never in memory twice.
  const body = Readable.from(piecesOfBase64(encoded));
  return { origin, sha256: hash.digest("hex"), bytes, body, ...meter.facts() };
}

/** Like `carriedRecording`, but also `undefined` if the recording cannot be decoded. */
export function decodableRecording(event: KnownEvent, raw: Buffer, origin: RecordingOrigin): Recording | undefined {
  const carried = orUnprocessable(() => carriedRecording(event, raw, origin));
  return carried instanceof Unprocessable ? undefined : carried;
}

/** The base64 text as bytes. If it is long, it is a part of `raw`, so that it is not copied. */
function encodedAudio({ body }: KnownEvent, raw: Buffer): Buffer | undefined {
  const value = at(body.value, "data", "full_audio");
  if (value === undefined || value === null) return undefined;
  const long = recordingTextOf(value, body);
  if (long) return unescaped(raw.subarray(long.start, long.end));
  if (typeof value !== "string") throw new Unprocessable("data.full_audio is not a string");
  return Buffer.from(value);
}
