/** A reproducible random generator: the same seed and stream always give the same values. */
export interface Random {
  /** A number from `low` to `high`, without `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, with both. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `length` random characters of `alphabet`. */
  characters(length: number, alphabet: string): string;
}

export const HEX = "0123456789abcdef";
export const LOWER_CASE_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/**
 * Returns the generator of one stream. Streams of one seed are independent, so a change of one call does not change the
 * others.
 *
 * The algorithm is sfc32. Its state has 128 bits, so streams do not overlap.
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
