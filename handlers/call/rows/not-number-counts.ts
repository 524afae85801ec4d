import type { FieldGroups } from "../fields/field-groups.ts";
import type { NotANumber, NotNumber } from "../not-numbers.ts";

/** How often a word that is no number is in a field. */
interface NotNumberCount {
  /** The path of the field: `data.transcript[].name`, and `*` for each key of a map whose keys the customer chooses. */
  readonly field: string;
  readonly status: "invalid";
  readonly type: NotANumber;
  readonly count: number;
}

/** The counts of `notNumbers` by field and word. `groups` has the maps whose keys the customer chooses. */
export function notNumberCounts(notNumbers: readonly NotNumber[], groups: FieldGroups): NotNumberCount[] {
  const counts = new Map<string, NotNumberCount>();
  for (const { path, token, count } of notNumbers) {
    const field = path.reduce((before, step) => withStep(before, step, groups), "");
    const name = `${token} ${field}`;
    counts.set(name, { field, status: "invalid", type: token, count: count + (counts.get(name)?.count ?? 0) });
  }
  return [...counts.values()];
}

function withStep(path: string, name: string, groups: FieldGroups): string {
  if (name === "[]") return `${path}[]`;
  const step = Object.hasOwn(groups, `${path}.*`) ? "*" : name;
  return path === "" ? step : `${path}.${step}`;
}
