import { digitsOf } from "./raw-number.ts";

/** Readers for JSON from outside. Each returns a value of the expected type, or `null`. None throws. */

/** The value at `path`, or `undefined` if a part of the path is missing. Own properties only. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** A text, unchanged. A number or a boolean becomes its JSON text, with all digits: ids and codes may come as numbers. */
export function text(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  return digitsOf(value) ?? null;
}

/** A text that contains more than white space. */
export function words(value: unknown): string | null {
  const found = text(value);
  return found?.trim() ? found : null;
}

/** A finite number, also if it was sent as a text. The nearest one, if it has more digits than a JavaScript number. */
export function number(value: unknown): number | null {
  const stated = digitsOf(value) ?? value;
  const found = typeof stated === "string" && /^\s*-?\d/.test(stated) ? Number(stated) : stated;
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** A whole number that a column of 32 bits can hold. */
export function integer(value: unknown): number | null {
  const found = number(value);
  return found !== null && found === Math.trunc(found) && Math.abs(found) < 2 ** 31 ? found : null;
}

/** A boolean, also if it was sent as a text. */
export function boolean(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : null;
}

/** The items of an array; an empty list for other values. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The entries of an object, or of an array by position; an empty list for other values. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) || Array.isArray(value) ? Object.entries(value) : [];
}

/**
 * A text, unchanged; any other value as JSON, in which each number has its digits. `null` for `undefined` and `null`, and
 * if it is nested too deep.
 */
export function jsonText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  try {
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    // A RangeError: some thousand levels can be parsed, but not serialised.
    return null;
  }
}

/** Whether `value` is an object, and neither `null` nor an array nor a raw number. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
