/** Readers for JSON that somebody else wrote: each answers what it was asked for, or `null`. None throws. */

/** The value at `path`, or `undefined` where the way there ends. Own properties only. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** A text as it is. A number or a boolean as JSON writes it: senders are not strict about ids and codes. */
export function text(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  return null;
}

/** A text with something in it besides white space. */
export function words(value: unknown): string | null {
  const found = text(value);
  return found?.trim() ? found : null;
}

/** A finite number, also where it was sent as a text. */
export function number(value: unknown): number | null {
  const found = typeof value === "string" && /^\s*-?\d/.test(value) ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** A boolean, also where it was sent as a text. */
export function boolean(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : null;
}

/** The items of an array; none if it is not one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The entries of an object, or of an array by position; none if it is neither. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** A text as it is, anything else as JSON; `null` for nothing, and for what is nested too deep to be written. */
export function jsonText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  try {
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    // A RangeError: some thousand levels can be read, but not written.
    return null;
  }
}

/** Whether this is an object, and neither `null` nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
