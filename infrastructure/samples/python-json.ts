/** A JSON value. A key whose value is `undefined` is omitted, as in `JSON.stringify`. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * `value` as the text that Python's `json.dumps` returns, which is the format of ElevenLabs' bodies.
 *
 * The separators are `", "` and `": "`. Everything outside printable ASCII is escaped, emoji as two surrogates.
 * Numbers have JavaScript's format: `1`, where Python would write a float as `1.0`.
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

/** With `Array.isArray` alone, TypeScript does not infer that a value that is no array is an object. */
function isList(value: readonly Json[] | { readonly [key: string]: Json | undefined }): value is readonly Json[] {
  return Array.isArray(value);
}
