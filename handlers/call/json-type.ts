import { digitsOf } from "./raw-number.ts";

/** The JSON type of a parsed value: `string`, `number`, `boolean`, `object`, `array` or `null`. */
export function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (digitsOf(value) !== undefined) return "number";
  return Array.isArray(value) ? "array" : typeof value;
}
