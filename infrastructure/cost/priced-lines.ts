import { PRICES, type Price, type PriceName } from "./prices.ts";
import type { Charge } from "./storage.ts";

/** One line of a month's cost, with its charges. */
export interface Line {
  readonly name: string;
  readonly charges: readonly Charge[];
}

/** A line in US dollars: at list prices, and after AWS's free tiers. */
export interface PricedLine {
  readonly name: string;
  readonly usd: number;
  readonly usdAfterFreeTiers: number;
}

/** The lines in US dollars. A free tier is shared by the lines that use it. */
export function pricedLines(lines: readonly Line[]): PricedLine[] {
  const used = new Map<PriceName, number>();
  for (const { price, quantity } of lines.flatMap(({ charges }) => charges))
    used.set(price, (used.get(price) ?? 0) + quantity);
  return lines.map(({ name, charges }) => {
    const billed = (price: PriceName) => Math.max(0, 1 - freeAmount(price) / (used.get(price) || 1));
    return {
      name,
      usd: sumOf(charges, ({ price, quantity }) => quantity * PRICES[price].usd),
      usdAfterFreeTiers: sumOf(charges, ({ price, quantity }) => quantity * PRICES[price].usd * billed(price)),
    };
  });
}

/** The sum of `value` over all items. */
export function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function freeAmount(name: PriceName): number {
  const price: Price = PRICES[name];
  return price.free?.amount ?? 0;
}
