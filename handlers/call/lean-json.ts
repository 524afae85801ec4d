import { randomUUID } from "node:crypto";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The value of one long JSON string in a body: the bytes between its quotes. */
export interface LongString {
  readonly start: number;
  readonly end: number;
}

/** A body read without its long strings. */
export interface LeanJson {
  /** The parsed body. Where a long string was, a mark stands: see `longStringOf`. */
  readonly value: unknown;
  readonly longStrings: readonly LongString[];
}

/** Strings of more bytes than this are left where they are. Only recordings are that long. */
const LONG = 256 * 1024;

/** Stands in the parsed value where a long string was. No sender can know it. */
const MARK = `long-string-${randomUUID()}-`;

/**
 * Parses `body` without copying its long strings: a recording of 45 MB costs nothing but its own bytes.
 *
 * @throws SyntaxError if it is not JSON.
 */
export function leanJson(body: Buffer): LeanJson {
  const longStrings = findLongStrings(body);
  const pieces: string[] = [];
  let from = 0;
  for (const [index, { start, end }] of longStrings.entries()) {
    pieces.push(utf8(body.subarray(from, start)), MARK + index);
    from = end;
  }
  pieces.push(utf8(body.subarray(from)));
  return { value: JSON.parse(pieces.join("")), longStrings };
}

/** Where the long string is that `value` stands for, if it stands for one. */
export function longStringOf(value: unknown, { longStrings }: LeanJson): LongString | undefined {
  if (typeof value !== "string" || !value.startsWith(MARK)) return undefined;
  return longStrings[Number(value.slice(MARK.length))];
}

function findLongStrings(body: Buffer): LongString[] {
  const found: LongString[] = [];
  if (body.length <= LONG) return found;
  let open = body.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(body, open + 1);
    if (close === -1) break;
    if (close - open - 1 > LONG) found.push({ start: open + 1, end: close });
    open = body.indexOf(QUOTE, close + 1);
  }
  return found;
}

/** A quote ends a string unless an odd number of backslashes stands before it. */
function closingQuote(body: Buffer, start: number): number {
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
