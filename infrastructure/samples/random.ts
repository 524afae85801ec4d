/** Chance that repeats itself: the same seed and stream always give the same draws. */
export interface Random {
  /** A number from `low` up to, not including, `high`. */
  between(low: number, high: number): number;
  /** A whole number, `low` and `high` included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `length` characters, each drawn from `alphabet`. */
  characters(length: number, alphabet: string): string;
}

export const HEX = "0123456789abcdef";
export const LOWER_CASE_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/**
 * Draws for one purpose: streams of one seed are independent, so one call can change and leave the rest alone.
 *
 * The generator is sfc32: 128 bits of state, so that streams do not meet however many there are.
 */
export function seededRandom(seed: number, stream = 0): Random {
  const fraction = sfc32(seed, stream);
  const between = (low: number, high: number) => low + fraction() * (high - low);
  const integer = (low: number, high: number) => Math.floor(between(low, high + 1));
  return {
    between,
    integer,
    chance: (probability) => fraction() < probability,
    pick: (items) => itemAt(items, integer(0, items.length - 1)),
    characters: (length, alphabet) =>
      Array.from({ length }, () => alphabet.charAt(integer(0, alphabet.length - 1))).join(""),
  };
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

function sfc32(seed: number, stream: number): () => number {
  let [a, b, c, counter] = [seed | 0, stream | 0, 0x9e3779b9 | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 16; round += 1) next();
  return next;
}
