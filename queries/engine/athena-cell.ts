import type { Cell } from "./query-engine.ts";

/**
 * A value as the text that Athena and Trino write for it, in the cell that an answer has for its type.
 *
 * `type` is Trino's name for it, with or without its measures: `timestamp`, `timestamp(3)`. What has no cell of its
 * own (a decimal, an array) stays text.
 */
export function athenaCell(type: string, text: string | null): Cell {
  if (text === null) return null;
  switch (type.replace(/\(.*?\)/, "")) {
    case "boolean":
      return text === "true";
    case "tinyint":
    case "smallint":
    case "integer":
    case "real":
    case "float":
    case "double":
      return Number(text);
    case "bigint":
      return BigInt(text);
    case "timestamp":
      return new Date(`${text.replace(" ", "T")}Z`);
    case "timestamp with time zone":
      return new Date(`${text.replace(/ UTC$/, "").replace(" ", "T")}Z`);
    default:
      return text;
  }
}
