import type { NotANumber, NotNumber } from "../not-numbers.ts";
import { KNOWN_FIELDS } from "./known-fields.ts";

/** How often a word that is no number is in a field. */
interface NotNumberCount {
  /** The path of the field: `data.transcript[].name`, and `*` for each key of a map whose keys the customer chooses. */
  readonly field: string;
  readonly type: NotANumber;
  readonly count: number;
}

/** The counts of `notNumbers` by field and word. */
export function notNumberCounts(notNumbers: readonly NotNumber[]): NotNumberCount[] {
  const counts = new Map<string, NotNumberCount>();
  for (const { path, token, count } of notNumbers) {
    const field = path.reduce(withStep, "");
    const name = `${token} ${field}`;
    counts.set(name, { field, type: token, count: count + (counts.get(name)?.count ?? 0) });
  }
  return [...counts.values()];
}

function withStep(path: string, name: string): string {
  if (name === "[]") return `${path}[]`;
  const hasAnyKey = Object.hasOwn(KNOWN_FIELDS, path) && KNOWN_FIELDS[path]?.includes("*");
  const step = hasAnyKey ? "*" : name;
  return path === "" ? step : `${path}.${step}`;
}
