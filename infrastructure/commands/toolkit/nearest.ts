/** Fewer letters than this are part of too many names to mean one. */
const SHORTEST_PART = 3;

/** The one of `names` that was most likely meant by `typed`, a part of it or misspelt, or none if nothing is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const isPart = (name: string) => typed.length >= SHORTEST_PART && name.includes(typed);
  const ranked = names
    .map((name) => ({ name, edits: isPart(name) ? 0 : editDistance(typed, name) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(2, typed.length / 3) ? best.name : undefined;
}

/** How many letters must be put in, taken out or exchanged to make `a` of `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const exchange = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(exchange, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
