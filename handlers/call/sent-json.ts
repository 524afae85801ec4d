import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { mayHaveInexactNumbers } from "./inexact-numbers.ts";
import { tokensOf } from "./json-tokens.ts";
import {
  countNotNumber,
  type Field,
  fieldInside,
  isNotANumber,
  type NotNumber,
  notNumbersIn,
  outermostField,
} from "./not-numbers.ts";
import { exactNumber } from "./raw-number.ts";

/** JSON as it was sent. */
export interface SentJson {
  /** The parsed value. A number whose digits a JavaScript number cannot hold is a raw number: see `digitsOf`. */
  readonly value: unknown;
  /** The fields that contain `NaN` or `Infinity`. */
  readonly notNumbers: readonly NotNumber[];
}

/**
 * Parses `json` like `JSON.parse`, with two differences: every number keeps its digits, and `NaN`, `Infinity` and
 * `-Infinity`, which Python writes, are read as `null`. JSON without such numbers is parsed as fast as by `JSON.parse`.
 *
 * @throws SyntaxError if it is not JSON.
 */
export function sentJson(json: string): SentJson {
  if (mayHaveInexactNumbers(json)) return rebuilt(json);
  try {
    return { value: JSON.parse(json), notNumbers: [] };
  } catch (error) {
    if (!/NaN|Infinity/.test(json)) throw error;
    return rebuilt(json);
  }
}

/** The value of `json`, with numbers as JavaScript reads them; `undefined` if it is not JSON, Python's words included. */
export function sentValue(json: string): unknown {
  return parsedJson(json, () => parsedJson(withNulls(json)));
}

/** A list or an object whose end was not read yet. */
interface Open {
  readonly field: Field;
  /** The names of its values; `undefined` for a list. */
  readonly names: string[] | undefined;
  readonly values: unknown[];
}

/** The value of `json`, built from its tokens. `JSON.parse` checks their order. Deep nesting needs no recursion. */
function rebuilt(json: string): SentJson {
  JSON.parse(withNulls(json));
  const outermost = outermostField();
  const body: unknown[] = [];
  const open: Open[] = [];
  const add = (value: unknown) => (open.at(-1)?.values ?? body).push(value);
  const nextField = () => {
    const { field, names } = open.at(-1) ?? {};
    return field ? fieldInside(field, names ? (names.at(-1) ?? "") : "[]") : outermost;
  };
  for (const { start, end } of tokensOf(json)) {
    const token = json.slice(start, end);
    const { names, values } = open.at(-1) ?? {};
    if (token === "{") open.push({ field: nextField(), names: [], values: [] });
    else if (token === "[") open.push({ field: nextField(), names: undefined, values: [] });
    else if (token === "}" || token === "]") add(finished(open.pop()));
    else if (names && names.length === values?.length) names.push(textIn(token));
    else {
      if (isNotANumber(token)) countNotNumber(nextField(), token);
      add(scalar(token));
    }
  }
  return { value: body[0], notNumbers: notNumbersIn(outermost) };
}

function finished(ended: Open | undefined): unknown {
  const { names, values = [] } = ended ?? {};
  return names ? Object.fromEntries(names.map((name, n) => [name, values[n]])) : values;
}

function scalar(token: string): unknown {
  if (token.startsWith('"')) return textIn(token);
  if (isNotANumber(token) || token === "null") return null;
  return token === "true" ? true : token === "false" ? false : exactNumber(token);
}

/** The text in quotes. Most have no escapes. */
function textIn(token: string): string {
  return token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
}

/** `json` with `null` in the place of each of Python's words. Texts in quotes stay unchanged. */
function withNulls(json: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of tokensOf(json)) {
    if (!isNotANumber(json.slice(start, end))) continue;
    pieces.push(json.slice(from, start), "null");
    from = end;
  }
  pieces.push(json.slice(from));
  return pieces.join("");
}
