import { isObject } from "./json.ts";

/** The JSON type of a parsed value: `string`, `number`, `boolean`, `object`, `array` or `null`. */
export function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  // A number whose digits a JavaScript number cannot hold is parsed to an object that `isObject` refuses.
  return type === "object" && !isObject(value) ? "number" : type;
}
