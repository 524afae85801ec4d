import type { FieldTree } from "../fields/field-tree.ts";
import type { NotANumber, NotNumber } from "../not-numbers.ts";

/** How often a word that is no number is in a field. */
interface NotNumberCount {
  /** The path of the field: `data.transcript[].name`, and `*` for each key of a map whose keys the customer chooses. */
  readonly field: string;
  readonly status: "invalid";
  readonly type: NotANumber;
  readonly count: number;
}

/** The counts of `notNumbers` by field and word. `known` has the maps whose keys the customer chooses. */
export function notNumberCounts(notNumbers: readonly NotNumber[], known: FieldTree): NotNumberCount[] {
  const counts = new Map<string, NotNumberCount>();
  for (const { path, token, count } of notNumbers) {
    const field = pathOf(path, known);
    const name = `${token} ${field}`;
    counts.set(name, { field, status: "invalid", type: token, count: count + (counts.get(name)?.count ?? 0) });
  }
  return [...counts.values()];
}

/** The path of a field. Below a field that is not known, its steps are names. */
function pathOf(steps: readonly string[], known: FieldTree): string {
  let tree: FieldTree | undefined = known;
  let path = "";
  for (const name of steps) {
    const step = tree?.anyKey && name !== "[]" ? "*" : name;
    path = name === "[]" ? `${path}[]` : path === "" ? step : `${path}.${step}`;
    tree = name === "[]" ? tree?.entries : (tree?.anyKey ?? tree?.nested.get(name));
  }
  return path;
}
