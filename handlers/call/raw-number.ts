/**
 * A number as JSON text, for a number whose digits a JavaScript number cannot hold. `JSON.stringify` writes its text.
 *
 * From the TC39 proposal "JSON.parse source text access", which Node 22 and later implement; TypeScript 7.0 has no
 * types for it (read 2026-11).
 */
interface RawNumber {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/** The number that `source`, a JSON number, states: a raw number if a JavaScript number states another one. */
export function exactNumber(source: string): number | RawNumber {
  return isExact(source) ? Number(source) : JSON.rawJSON(source);
}

/** The text of a raw number, with all of its digits; `undefined` for any other value. */
export function digitsOf(value: unknown): string | undefined {
  return JSON.isRawJSON(value) ? value.rawJSON : undefined;
}

/** Whether `source` and the JavaScript number that it is parsed to are the same number. */
export function isExact(source: string): boolean {
  const parsed = String(Number(source));
  return parsed === source || decimal(parsed) === decimal(source);
}

/** A number in a notation that is the same for `1200`, `1200.0` and `1.2e3`. `undefined` for a text that is none. */
function decimal(source: string): string | undefined {
  const [, sign = "", whole, fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits[start] === "0") start += 1;
  while (end > start && digits[end - 1] === "0") end -= 1;
  return start === end ? "0" : `${sign}${digits.slice(start, end)}e${whole.length - start + Number(exponent)}`;
}
