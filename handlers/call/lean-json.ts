import { sha256Once } from "./digest.ts";
import { type SentJson, sentJson } from "./sent-json.ts";

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON string in a body: the bytes between its quotes. */
interface JsonString {
  readonly start: number;
  readonly end: number;
}

/** A recording in a body. Base64 needs no escapes, but some JSON serialisers escape the slash. */
interface EncodedRecording extends JsonString {
  readonly hasEscapes: boolean;
}

/** A parsed body without its recording. */
export interface LeanJson extends SentJson {
  /** The parsed body. Each recording is replaced by a placeholder: see `recordingTextOf`. */
  readonly value: unknown;
  readonly recordings: readonly EncodedRecording[];
  /** The text that replaces a recording, before its number. It contains the body's hash, so no sender can forge it. */
  readonly placeholder: string;
}

/** The name of the field that contains a recording, in base64. */
const RECORDING = Buffer.from("full_audio");

/** In bytes. A recording up to this length is parsed like any text, and so is a body. */
export const LONG = 256 * 1024;

/**
 * Parses `body` without copying the recording in it: a recording of 45 MB needs no memory besides `body`.
 *
 * @throws SyntaxError if it is not JSON.
 */
export function leanJson(body: Buffer): LeanJson {
  const recordings = findRecordings(body);
  const placeholder = recordings.length === 0 ? "" : `recording-${sha256Once(body)}-`;
  const pieces: string[] = [];
  let from = 0;
  for (const [index, recording] of recordings.entries()) {
    // `JSON.parse` does not see the recording, so an invalid escape in it is found here.
    if (recording.hasEscapes) parsedText(body, recording);
    const { start, end } = recording;
    pieces.push(utf8(body.subarray(from, start)), placeholder + index);
    from = end;
  }
  pieces.push(utf8(body.subarray(from)));
  return { ...sentJson(pieces.join("")), recordings, placeholder };
}

/** The position of the recording that `value` is the placeholder of; `undefined` if it is no placeholder. */
export function recordingTextOf(value: unknown, { recordings, placeholder }: LeanJson): EncodedRecording | undefined {
  if (recordings.length === 0 || typeof value !== "string" || !value.startsWith(placeholder)) return undefined;
  return recordings[Number(value.slice(placeholder.length))];
}

function findRecordings(body: Buffer): EncodedRecording[] {
  const found: EncodedRecording[] = [];
  if (body.length <= LONG) return found;
  let before: JsonString | undefined;
  let open = body.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(body, open + 1);
    if (close === -1) break;
    const string = { start: open + 1, end: close };
    if (close - open - 1 > LONG && before && isRecording(body, before, string)) {
      const hasEscapes = body.subarray(string.start, string.end).includes(BACKSLASH);
      found.push({ ...string, hasEscapes });
    }
    before = string;
    open = body.indexOf(QUOTE, close + 1);
  }
  return found;
}

/** Whether `name` and `value`, two consecutive strings in `body`, are a recording's field name and text. */
function isRecording(body: Buffer, name: JsonString, value: JsonString): boolean {
  const between = body.toString("latin1", name.end + 1, value.start - 1);
  return RECORDING.equals(body.subarray(name.start, name.end)) && between.trim() === ":";
}

/** The bytes of a recording without escapes: a part of `body`, if there are none. */
export function unescaped(body: Buffer, recording: EncodedRecording): Buffer {
  if (recording.hasEscapes) return Buffer.from(parsedText(body, recording));
  return body.subarray(recording.start, recording.end);
}

function parsedText(body: Buffer, { start, end }: JsonString): string {
  return JSON.parse(`"${body.toString("latin1", start, end)}"`);
}

/** The position of the quote that ends the string at `start`, or -1. An odd number of backslashes escapes a quote. */
export function closingQuote(body: Buffer, start: number): number {
  let quote = body.indexOf(QUOTE, start);
  while (quote !== -1) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= start && body[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = body.indexOf(QUOTE, quote + 1);
  }
  return -1;
}

function utf8(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}
