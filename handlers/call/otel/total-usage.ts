import { at, entries, number } from "../json.ts";
import { stated } from "./stated.ts";

interface Usage {
  readonly tokens: number | null;
  readonly price: number | null;
}

const NONE: Usage = { tokens: null, price: null };

/** The tokens and prices of each model and kind, over all entries of a transcript; `null` if no entry has any. */
export function totalUsage(transcript: readonly unknown[]): Record<string, unknown> | null {
  const models = new Map<string, Map<string, Usage>>();
  for (const [model, kind, usage] of transcript.flatMap(usagesIn)) {
    const kinds = models.get(model) ?? new Map<string, Usage>();
    const { tokens, price } = kinds.get(kind) ?? NONE;
    const total = { tokens: added(tokens, at(usage, "tokens")), price: added(price, at(usage, "price")) };
    models.set(model, kinds.set(kind, total));
  }
  if (models.size === 0) return null;
  const totals = (kinds: ReadonlyMap<string, Usage>) => [...kinds].map(([kind, usage]) => [kind, stated({ ...usage })]);
  return Object.fromEntries([...models].map(([model, kinds]) => [model, Object.fromEntries(totals(kinds))]));
}

function usagesIn(entry: unknown): readonly (readonly [model: string, kind: string, usage: unknown])[] {
  return entries(at(entry, "llm_usage", "model_usage")).flatMap(([model, kinds]) =>
    entries(kinds).map(([kind, usage]) => [model, kind, usage] as const),
  );
}

function added(sum: number | null, more: unknown): number | null {
  const found = number(more);
  return found === null ? sum : (sum ?? 0) + found;
}
