import type { LlmUsageRow } from "../../../queries/tables/llm-usage.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, entries, list, number } from "../json.ts";

/**
 * One row for each language model that began a generation in the call, whether or not the generation was used.
 *
 * If the call states no usage as a whole, the used tokens are those of its turns.
 */
export function llmUsageRows(event: KnownEvent): LlmUsageRow[] {
  const data = at(event.body.value, "data");
  const usage = at(data, "metadata", "charging", "llm_usage");
  const initiated = usagesByModel([at(usage, "initiated_generation")]);
  const stated = usagesByModel([at(usage, "irreversible_generation")]);
  const isStated = initiated.size + stated.size > 0;
  const used = isStated ? stated : usagesByModel(list(at(data, "transcript")).map((turn) => at(turn, "llm_usage")));
  return [...new Set([...initiated.keys(), ...used.keys()])].map((model) => ({
    conversation_id: event.conversationId,
    llm_model: model,
    initiated_tokens: tokens(initiated.get(model)),
    initiated_usd: sumOf(initiated.get(model), "price"),
    used_tokens: tokens(used.get(model)),
    used_input_tokens: tokens(used.get(model), "input"),
    used_output_tokens: tokens(used.get(model), "output"),
    used_usd: sumOf(used.get(model), "price"),
    agent_id: agentId(event.body),
  }));
}

/** A kind of tokens (`input`, `input_cache_read`, `output_total`, …) and its `{tokens, price}`. */
type Kind = readonly [kind: string, usage: unknown];
type Usage = readonly Kind[];

function usagesByModel(usages: readonly unknown[]): ReadonlyMap<string, Usage> {
  const byModel = new Map<string, Kind[]>();
  for (const [model, usage] of usages.flatMap((each) => entries(at(each, "model_usage")))) {
    const kinds = byModel.get(model) ?? [];
    byModel.set(model, kinds);
    // Added in place: a copy for each turn of a long call would take quadratic time.
    for (const kind of entries(usage)) kinds.push(kind);
  }
  return byModel;
}

/** The sum over all kinds of tokens of a model whose name begins with `kind`; `null` if there is no number. */
function sumOf(usage: Usage | undefined, what: "price" | "tokens", kind = ""): number | null {
  const summed = usage?.filter(([name]) => name.startsWith(kind)) ?? [];
  return total(summed.flatMap(([, each]) => number(at(each, what)) ?? []));
}

/** The sum of the prices of all models in `modelUsage`; `null` if there is no price. */
export function modelPrices(modelUsage: unknown): number | null {
  return total(entries(modelUsage).flatMap(([, usage]) => sumOf(entries(usage), "price") ?? []));
}

/** The sum of `numbers`; `null` if there are none, or if the sum is not finite. */
export function total(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : number(numbers.reduce((sum, each) => sum + each, 0));
}

/** The number of tokens; `null` above the safe integers, which are not exact and may not fit into the column. */
function tokens(usage: Usage | undefined, kind?: "input" | "output"): bigint | null {
  const sum = Math.round(sumOf(usage, "tokens", kind) ?? Number.NaN);
  return Number.isSafeInteger(sum) ? BigInt(sum) : null;
}
