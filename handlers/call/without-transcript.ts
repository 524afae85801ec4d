import { closingQuote, LONG, QUOTE } from "./lean-json.ts";
import { isSentJson } from "./sent-json.ts";

const NAME = Buffer.from('"transcript"');
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE, COMMA] = Buffer.from("[]{},");

/**
 * Returns `body` without the entries of its transcript, so that parsing the rest needs little memory. If they have at most
 * `shortBytes` bytes, returns `body` unchanged: a copy of a body with a recording would need more memory than they do.
 *
 * The result is JSON if and only if `body` is: each entry is parsed separately, and if one is not JSON, `body` is
 * returned unchanged. In JSON no string is open after `"transcript"`, so the bracket that follows begins an array.
 */
export function withoutTranscript(body: Buffer, shortBytes = LONG): Buffer {
  if (body.length <= shortBytes) return body;
  const pieces: Buffer[] = [];
  let from = 0;
  let transcriptBytes = 0;
  for (let name = body.indexOf(NAME); name !== -1; name = body.indexOf(NAME, name + 1)) {
    const open = openingBracket(body, name + NAME.length);
    if (open === undefined) continue;
    const close = closingBracket(body, open + 1);
    if (close === undefined) return body;
    pieces.push(body.subarray(from, open + 1));
    transcriptBytes += close - open - 1;
    from = close;
    name = close;
  }
  return transcriptBytes <= shortBytes ? body : Buffer.concat([...pieces, body.subarray(from)]);
}

/** The position of the bracket that begins the array after a name; `undefined` if no array follows. */
function openingBracket(body: Buffer, afterName: number): number | undefined {
  const bracket = body.indexOf("[", afterName);
  const between = body.toString("latin1", afterName, Math.min(bracket, afterName + 100));
  return bracket !== -1 && between.trim() === ":" ? bracket : undefined;
}

/** The end of the array whose entries begin at `start`; `undefined` if an entry is not JSON or the array has no end. */
function closingBracket(body: Buffer, start: number): number | undefined {
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
      if (!isSentJson(body.toString("utf8", entry, at))) return undefined;
      if (byte === CLOSE_BRACKET) return at;
      entry = at + 1;
    }
  }
  return undefined;
}
