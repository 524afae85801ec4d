import { sha256 } from "./digest.ts";

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON string in a body: the bytes between its quotes. */
export interface JsonString {
  readonly start: number;
  readonly end: number;
}

/** A body read without its recording. */
export interface LeanJson {
  /** The parsed body. Where a recording was, a mark stands: see `recordingTextOf`. */
  readonly value: unknown;
  readonly recordings: readonly JsonString[];
  /** What stands where a recording was, and a number. No sender can know it: it is made of the whole body. */
  readonly placeholder: string;
}

/** The name under which a recording stands, encoded. */
const RECORDING = Buffer.from("full_audio");

/** A recording, or a body, of no more bytes than this is read like any other. */
export const LONG = 256 * 1024;

/**
 * Parses `body` without copying the recording in it: 45 MB of it cost nothing but their own bytes.
 *
 * @throws SyntaxError if it is not JSON.
 */
export function leanJson(body: Buffer): LeanJson {
  const recordings = findRecordings(body);
  const placeholder = recordings.length === 0 ? "" : `recording-${sha256(body)}-`;
  const pieces: string[] = [];
  let from = 0;
  for (const [index, { start, end }] of recordings.entries()) {
    checkEscapes(body.subarray(start, end));
    pieces.push(utf8(body.subarray(from, start)), placeholder + index);
    from = end;
  }
  pieces.push(utf8(body.subarray(from)));
  return { value: JSON.parse(pieces.join("")), recordings, placeholder };
}

/** Where the recording's text is that `value` stands for, if it stands for one. */
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

/** Whether `name` and `value`, one after the other in `body`, are a recording's. */
function isRecording(body: Buffer, name: JsonString, value: JsonString): boolean {
  const between = body.toString("latin1", name.end + 1, value.start - 1);
  return RECORDING.equals(body.subarray(name.start, name.end)) && between.trim() === ":";
}

/** Nobody parses a recording, so its escapes are looked at here. Base64 has none, and then this is one quick search. */
function checkEscapes(recording: Buffer): void {
  if (recording.includes(BACKSLASH)) JSON.parse(`"${recording.toString("latin1")}"`);
}

/** The text that the bytes between two quotes stand for. Base64 needs no escapes, but some writers of JSON escape the slash. */
export function unescaped(bytes: Buffer): Buffer {
  return bytes.includes(BACKSLASH) ? Buffer.from(JSON.parse(`"${bytes.toString("latin1")}"`)) : bytes;
}

/** Where the string ends that begins at `start`, or -1: a quote ends it unless an odd number of backslashes stands before it. */
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
