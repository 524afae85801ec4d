/** What JSON can say. A key whose value is `undefined` is left out, as `JSON.stringify` leaves it out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * `value` as Python's `json.dumps` writes it, which is how ElevenLabs writes its bodies.
 *
 * `", "` and `": "` between things, and everything outside printable ASCII escaped, emoji as two surrogates.
 * Numbers are written as JavaScript does: `1`, where Python would write a float as `1.0`.
 */
export function pythonJson(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(pythonJson).join(", ")}]`;
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [`${quoted(key)}: ${pythonJson(member)}`],
  );
  return `{${members.join(", ")}}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** `Array.isArray` does not tell TypeScript that what is no array is an object. */
function isList(value: readonly Json[] | { readonly [key: string]: Json | undefined }): value is readonly Json[] {
  return Array.isArray(value);
}
