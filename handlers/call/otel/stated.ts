import type { Attributes } from "./spans.ts";

/** `fields` without those that have no value. */
export function stated(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? null) !== null));
}

/** `fields`, or `null` if it has none. */
export function unlessEmpty(fields: Record<string, unknown>): Record<string, unknown> | null {
  return Object.keys(fields).length === 0 ? null : fields;
}

/** The attributes of these names, as fields. `path` stands before each name. */
export function picked(attributes: Attributes, names: readonly string[], path = ""): Record<string, unknown> {
  return stated(Object.fromEntries(names.map((name) => [name, attributes.get(path + name)])));
}
