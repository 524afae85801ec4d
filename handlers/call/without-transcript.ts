import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { closingQuote, LONG, QUOTE } from "./lean-json.ts";

const NAME = Buffer.from('"transcript"');
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE, COMMA] = Buffer.from("[]{},");

/**
 * `body` with the entries of its transcript left out, if it is long: whoever reads the rest needs no memory for them.
 *
 * It is JSON if and only if `body` is: each entry is parsed by itself, and where one is not JSON, `body` is answered as
 * it is. After `"transcript"` no string can be open in a body that is JSON, so the bracket that follows is an array's.
 */
export function withoutTranscript(body: Buffer, isLong = body.length > LONG): Buffer {
  if (!isLong) return body;
  const pieces: Buffer[] = [];
  let from = 0;
  for (let name = body.indexOf(NAME); name !== -1; name = body.indexOf(NAME, name + 1)) {
    const open = openingBracket(body, name + NAME.length);
    if (open === undefined) continue;
    const close = closingBracket(body, open + 1);
    if (close === undefined) return body;
    pieces.push(body.subarray(from, open + 1));
    from = close;
    name = close;
  }
  // A recording has no transcript, and is not copied.
  return pieces.length === 0 ? body : Buffer.concat([...pieces, body.subarray(from)]);
}

/** Where the array begins that follows a name, if one does. */
function openingBracket(body: Buffer, afterName: number): number | undefined {
  const bracket = body.indexOf("[", afterName);
  const between = body.toString("latin1", afterName, Math.min(bracket, afterName + 100));
  return bracket !== -1 && between.trim() === ":" ? bracket : undefined;
}

/** Where an array ends whose entries begin at `start`; `undefined` if one of them is not JSON, or there is none. */
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
      if (parsedJson(body.toString("utf8", entry, at)) === undefined) return undefined;
      if (byte === CLOSE_BRACKET) return at;
      entry = at + 1;
    }
  }
  return undefined;
}
