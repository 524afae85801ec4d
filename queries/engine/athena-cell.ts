import type { Cell } from "./query-engine.ts";

/**
 * Converts Athena's and Trino's text for a value to a cell of its type.
 *
 * `type` is Trino's name, with or without precision: `timestamp`, `timestamp(3)`. A value of any other type (a decimal,
 * an array) stays text.
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
