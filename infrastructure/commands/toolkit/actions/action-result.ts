/** The most items of one list in a result. */
export const MOST_ITEMS = 500;

/** The first items of a list, so that a result stays small. The result has their number, too. */
export function firstOf<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(0, MOST_ITEMS);
}

/** `1 object`, `2,000 objects`. */
export function objectText(count: number): string {
  return count === 1 ? "1 object" : `${count.toLocaleString("en-US")} objects`;
}
