import { distance } from "fastest-levenshtein";

/** Fewer letters than this are part of too many names to mean one. */
const SHORTEST_PART = 3;

/** That there is no `what` of the name `typed`, and which was probably meant, or which there are. */
export function notFoundMessage(what: string, typed: string, names: readonly string[]): string {
  const suggestion = nearest(typed, names);
  return `There is no ${what} "${typed}". ${suggestion ? `Did you mean ${suggestion}?` : `There are: ${names.join(", ")}.`}`;
}

/** The one of `names` that was most likely meant by `typed`, a part of it or misspelt, or none if nothing is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const isPart = (name: string) => typed.length >= SHORTEST_PART && name.includes(typed);
  const ranked = names
    .map((name) => ({ name, edits: isPart(name) ? 0 : distance(typed, name) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(2, typed.length / 3) ? best.name : undefined;
}
