import { sha256Once } from "./digest.ts";
import { type SentJson, sentJson } from "./sent-json.ts";

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON string in a body: the bytes between its quotes. */
export interface JsonString {
  readonly start: number;
  readonly end: number;
}

/** A parsed body without its recording. */
export interface LeanJson extends SentJson {
  /** The parsed body. Each recording is replaced by a placeholder: see `recordingTextOf`. */
  readonly value: unknown;
  readonly recordings: readonly JsonString[];
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
  for (const [index, { start, end }] of recordings.entries()) {
    checkEscapes(body.subarray(start, end));
    pieces.push(utf8(body.subarray(from, start)), placeholder + index);
    from = end;
  }
  pieces.push(utf8(body.subarray(from)));
  return { ...sentJson(pieces.join("")), recordings, placeholder };
}

/** The position of the recording that `value` is the placeholder of; `undefined` if it is no placeholder. */
export function recordingTextOf(value: unknown, { recordings, placeholder }: LeanJson): JsonString | undefined {
  if (recordings.length === 0 || typeof value !== "string" || !value.startsWith(placeholder)) return undefined;
  return recordings[Number(value.slice(placeholder.length))];
}

function findRecordings(body: Buffer): JsonString[] {
  const found: JsonString[] = [];
  if (body.length <= LONG) return found;
  let before: JsonString | undefined;
  let open = body.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(body, open + 1);
    if (close === -1) break;
    const string = { start: open + 1, end: close };
    if (close - open - 1 > LONG && before && isRecording(body, before, string)) found.push(string);
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

/** Throws if an escape in a recording is invalid: `JSON.parse` does not see the recording. Base64 has no escapes. */
function checkEscapes(recording: Buffer): void {
  if (recording.includes(BACKSLASH)) JSON.parse(`"${recording.toString("latin1")}"`);
}

/** The bytes between two quotes, without escapes. Base64 needs none, but some JSON serialisers escape the slash. */
export function unescaped(bytes: Buffer): Buffer {
  return bytes.includes(BACKSLASH) ? Buffer.from(JSON.parse(`"${bytes.toString("latin1")}"`)) : bytes;
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
