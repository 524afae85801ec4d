import { distance } from "fastest-levenshtein";

/** A shorter text is part of too many names. */
const SHORTEST_PART = 3;

/** Returns the message that no `what` is named `typed`, with the nearest name, or else with all names. */
export function notFoundMessage(what: string, typed: string, names: readonly string[]): string {
  const suggestion = nearest(typed, names);
  return `There is no ${what} "${typed}". ${suggestion ? `Did you mean ${suggestion}?` : `There are: ${names.join(", ")}.`}`;
}

/** Returns the one of `names` that contains `typed` or is spelled most like it; `undefined` if none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const isPart = (name: string) => typed.length >= SHORTEST_PART && name.includes(typed);
  const ranked = names
    .map((name) => ({ name, edits: isPart(name) ? 0 : distance(typed, name) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(2, typed.length / 3) ? best.name : undefined;
}
