import { closingQuote, LONG, QUOTE } from "./lean-json.ts";
import { isIdentifying } from "./otel/call-attributes.ts";
import { spanOf } from "./otel/spans.ts";
import { sentValue } from "./sent-json.ts";

/** A list in a body whose entries are left out, except those that `isKept`. */
interface LongList {
  readonly name: Buffer;
  readonly isKept: (entry: unknown) => boolean;
}

/** The two forms of a transcript: of a `post_call_transcription`, and of one in OpenTelemetry's format. */
const LONG_LISTS: readonly LongList[] = [
  { name: Buffer.from('"transcript"'), isKept: () => false },
  { name: Buffer.from('"spans"'), isKept: (span) => isIdentifying(spanOf(span)) },
];

const COMMA_BYTES = Buffer.from(",");
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE, COMMA] = Buffer.from("[]{},");

/**
 * Returns `body` without the entries of its transcript, so that parsing the rest needs little memory. Spans that the key
 * of the call may depend on remain. If the entries have at most `shortBytes` bytes, returns `body` unchanged: a copy of
 * a body with a recording would need more memory than they do.
 *
 * The result is JSON if and only if `body` is: each entry is parsed separately, and if one is not JSON, `body` is
 * returned unchanged. In JSON no string is open after `"transcript"`, so the bracket that follows begins an array.
 */
export function withoutTranscript(body: Buffer, shortBytes = LONG): Buffer {
  return LONG_LISTS.reduce((left, each) => withoutEntries(left, each, shortBytes), body);
}

function withoutEntries(body: Buffer, { name, isKept }: LongList, shortBytes: number): Buffer {
  if (body.length <= shortBytes) return body;
  const pieces: Buffer[] = [];
  let from = 0;
  let removedBytes = 0;
  for (let at = body.indexOf(name); at !== -1; at = body.indexOf(name, at + 1)) {
    const open = openingBracket(body, at + name.length);
    if (open === undefined) continue;
    const entries = entriesFrom(body, open + 1, isKept);
    if (entries === undefined) return body;
    pieces.push(body.subarray(from, open + 1));
    // Not spread into one call: a function has no more than some 100,000 arguments.
    for (const each of entries.kept) pieces.push(each);
    removedBytes += entries.removedBytes;
    from = entries.close;
    at = entries.close;
  }
  return removedBytes <= shortBytes ? body : Buffer.concat([...pieces, body.subarray(from)]);
}

/** The position of the bracket that begins the array after a name; `undefined` if no array follows. */
function openingBracket(body: Buffer, afterName: number): number | undefined {
  const bracket = body.indexOf("[", afterName);
  const between = body.toString("latin1", afterName, Math.min(bracket, afterName + 100));
  return bracket !== -1 && between.trim() === ":" ? bracket : undefined;
}

/** The entries of an array. */
interface Entries {
  /** Those that remain, with commas between them. */
  readonly kept: readonly Buffer[];
  readonly removedBytes: number;
  /** The position of the closing bracket. */
  readonly close: number;
}

/** The entries of the array that begin at `start`; `undefined` if an entry is not JSON or the array has no end. */
function entriesFrom(body: Buffer, start: number, isKept: LongList["isKept"]): Entries | undefined {
  const kept: Buffer[] = [];
  let removedBytes = 0;
  let entry = start;
  let depth = 0;
  for (let at = start; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = closingQuote(body, at + 1);
      if (at === -1) return undefined;
    } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth += 1;
    else if (depth > 0) depth -= byte === CLOSE_BRACKET || byte === CLOSE_BRACE ? 1 : 0;
    else if (byte === COMMA || byte === CLOSE_BRACKET) {
      const text = body.toString("utf8", entry, at);
      if (byte === CLOSE_BRACKET && entry === start && text.trim() === "") return { kept, removedBytes, close: at };
      const value = sentValue(text);
      if (value === undefined) return undefined;
      if (!isKept(value)) removedBytes += at - entry;
      else kept.push(kept.length > 0 ? COMMA_BYTES : Buffer.of(), body.subarray(entry, at));
      if (byte === CLOSE_BRACKET) return { kept, removedBytes, close: at };
      entry = at + 1;
    }
  }
  return undefined;
}
