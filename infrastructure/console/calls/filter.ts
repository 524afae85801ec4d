import type { CallFilter, CallSort } from "../api/queries.ts";
import { dayAfter, today } from "../parts/format.ts";

/** The parameters of the address that select calls. They are those of the read API. */
const NAMES = [
  "from",
  "to",
  "agent",
  "caller",
  "direction",
  "channel",
  "status",
  "outcome",
  "source",
  "min_duration",
  "max_duration",
  "has_recording",
  "failed_criterion",
] as const satisfies readonly (keyof CallFilter)[];

export type FilterName = (typeof NAMES)[number];

/** Ranges are whole weeks, so that the range before has the same weekdays. */
export const DEFAULT_WEEKS = 4;

/** The first day of a range of `weeks` that ends today. */
export function firstDay(weeks: number): string {
  return dayAfter(today(), 1 - 7 * weeks);
}

/** The filter in the address, with the range that is meant where it has none. */
export function filterIn(parameters: URLSearchParams): CallFilter & { readonly from: string; readonly to: string } {
  const given = NAMES.flatMap((name) => {
    const value = parameters.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  // The types of the values are those of the API. It refuses a value that is not valid, and the view shows why.
  return { from: firstDay(DEFAULT_WEEKS), to: today(), ...Object.fromEntries(given) };
}

/** The order in the address. */
export function sortIn(parameters: URLSearchParams): CallSort {
  return (parameters.get("sort") ?? "-started_at") as CallSort;
}

/** An address of the list of calls with a filter. */
export function callsAddress(
  filter: Readonly<Partial<Record<FilterName, string | number | null | undefined>>>,
): string {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `/calls?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
