import type { JsonCell } from "../json-rows.ts";

/** JSON as a tool returns it. */
export type Json = JsonCell | readonly Json[] | { readonly [name: string]: Json };

/** Whether `value` is a list. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
