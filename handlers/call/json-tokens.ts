/** A bracket, a text with its quotes, or a word such as `true`, `-1.5` and `NaN`. It is the JSON from `start` to `end`. */
export interface JsonToken {
  readonly start: number;
  readonly end: number;
}

const BRACKETS = "[]{}";
const BETWEEN = " \n\r\t,:";
const ENDS_WORD = `${BETWEEN}${BRACKETS}"`;

/**
 * The tokens of a JSON text in order, without commas and colons. A text without its last quote ends with the JSON.
 *
 * Their order is not checked: what is not JSON has tokens, too.
 */
export function* tokensOf(json: string): Generator<JsonToken> {
  let end = 0;
  for (let start = 0; start < json.length; start = end) {
    end = start + 1;
    const first = json.charAt(start);
    if (BETWEEN.includes(first)) continue;
    if (first === '"') end = endOfText(json, end);
    else if (!BRACKETS.includes(first)) while (end < json.length && !ENDS_WORD.includes(json.charAt(end))) end += 1;
    yield { start, end };
  }
}

/** The position after the quote that ends the text at `start`. An odd number of backslashes escapes a quote. */
function endOfText(json: string, start: number): number {
  let quote = json.indexOf('"', start);
  while (quote !== -1) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= start && json[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    quote = json.indexOf('"', quote + 1);
  }
  return json.length;
}
