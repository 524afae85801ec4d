/** Levels of lists and maps. A text that is nested deeper is not read. */
const DEEPEST = 100;

/** A text, and how far it was read. */
interface Reading {
  readonly text: string;
  at: number;
}

/**
 * The value of a text that is a Python literal, as `repr` writes it, or JSON; `undefined` if it is neither.
 *
 * An integer that a JavaScript number cannot hold stays a text, and so do `nan` and `inf`. Tuples are lists. Takes time
 * in proportion to the text, and never throws.
 */
export function literalValue(text: string): unknown {
  const from: Reading = { text, at: 0 };
  const found = value(from, 0);
  return nextIs(from, undefined) ? found : undefined;
}

/** The value that a text spells as a Python literal or JSON. Any other text, and any other value, as sent. */
export function spelledValue(sent: unknown): unknown {
  const spelled = typeof sent === "string" ? literalValue(sent) : undefined;
  return spelled === undefined ? sent : spelled;
}

/** Each function below returns `undefined` if there is no literal: no literal has that value. */
function value(from: Reading, depth: number): unknown {
  if (depth > DEEPEST) return undefined;
  if (taken(from, "'")) return quoted(from, PLAIN_IN_SINGLE);
  if (taken(from, '"')) return quoted(from, PLAIN_IN_DOUBLE);
  if (taken(from, "{")) return dictionary(from, depth + 1);
  if (taken(from, "[")) return sequence(from, "]", depth + 1);
  if (taken(from, "(")) return sequence(from, ")", depth + 1);
  return word(match(from, WORD));
}

function dictionary(from: Reading, depth: number): unknown {
  const entries: [string, unknown][] = [];
  while (!taken(from, "}")) {
    const key = value(from, depth);
    if (key === undefined || (typeof key === "object" && key !== null) || !taken(from, ":")) return undefined;
    const member = value(from, depth);
    if (member === undefined || !(taken(from, ",") || nextIs(from, "}"))) return undefined;
    entries.push([String(key), member]);
  }
  return Object.fromEntries(entries);
}

function sequence(from: Reading, end: string, depth: number): unknown {
  const items: unknown[] = [];
  while (!taken(from, end)) {
    const item = value(from, depth);
    if (item === undefined || !(taken(from, ",") || nextIs(from, end))) return undefined;
    items.push(item);
  }
  return items;
}

const PLAIN_IN_SINGLE = /[^'\\]*/y;
const PLAIN_IN_DOUBLE = /[^"\\]*/y;

/** The rest of a quoted text, up to and with its closing quote. */
function quoted(from: Reading, plain: RegExp): string | undefined {
  const pieces: string[] = [];
  for (;;) {
    pieces.push(match(from, plain));
    const end = from.text[from.at];
    from.at += 1;
    if (end === undefined) return undefined;
    if (end !== "\\") return pieces.join("");
    const found = escaped(from);
    if (found === undefined) return undefined;
    pieces.push(found);
  }
}

const CODE = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;
const ESCAPES = new Map(
  Object.entries({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", a: "\x07", "0": "\0", "\n": "" }),
);

/** The character after a backslash. A backslash that escapes nothing stays, as in Python. */
function escaped(from: Reading): string | undefined {
  const code = Number.parseInt(match(from, CODE).slice(1), 16);
  if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  const letter = from.text[from.at];
  if (letter === undefined) return undefined;
  from.at += 1;
  return ESCAPES.get(letter) ?? (/['"\\/]/.test(letter) ? letter : `\\${letter}`);
}

const WORD = /[\w.+-]+/y;
const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const WORDS = new Map<string, unknown>([
  ...["None", "null"].map((each) => [each, null] as const),
  ...["True", "true"].map((each) => [each, true] as const),
  ...["False", "false"].map((each) => [each, false] as const),
  ...["nan", "inf", "-inf", "NaN", "Infinity", "-Infinity"].map((each) => [each, each] as const),
]);

function word(found: string): unknown {
  if (!DECIMAL.test(found)) return WORDS.get(found);
  const number = Number(found);
  const isExact = INTEGER.test(found) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact ? number : found;
}

const SPACE = /\s*/y;

/** Whether `next` comes next, after white space. `undefined`: the end of the text. */
function nextIs(from: Reading, next: string | undefined): boolean {
  match(from, SPACE);
  return from.text[from.at] === next;
}

/** Like `nextIs`, and reads it. */
function taken(from: Reading, next: string): boolean {
  const isNext = nextIs(from, next);
  if (isNext) from.at += 1;
  return isNext;
}

/** The text that `pattern`, which is sticky, matches next; empty if it does not match. Reads it. */
function match(from: Reading, pattern: RegExp): string {
  pattern.lastIndex = from.at;
  const found = pattern.exec(from.text)?.[0] ?? "";
  from.at += found.length;
  return found;
}
