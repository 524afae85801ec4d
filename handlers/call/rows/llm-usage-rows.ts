import type { LlmUsageRow } from "../../../queries/tables/llm-usage.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, entries, number } from "../json.ts";

/** One row for each language model that began to answer in the call, whether it was heard or not. */
export function llmUsageRows(event: KnownEvent): LlmUsageRow[] {
  const usage = at(event.body.value, "data", "metadata", "charging", "llm_usage");
  const initiated = new Map(entries(at(usage, "initiated_generation", "model_usage")));
  const used = new Map(entries(at(usage, "irreversible_generation", "model_usage")));
  return [...new Set([...initiated.keys(), ...used.keys()])].map((model) => ({
    conversation_id: event.conversationId,
    llm_model: model,
    initiated_tokens: tokens(initiated.get(model)),
    initiated_usd: sumOf(initiated.get(model), "price"),
    used_tokens: tokens(used.get(model)),
    used_usd: sumOf(used.get(model), "price"),
    agent_id: agentId(event.body),
  }));
}

/** The sum over every kind of token of a model (input, cached input, output); `null` where none is stated. */
export function sumOf(usage: unknown, what: "price" | "tokens"): number | null {
  return total(entries(usage).flatMap(([, kind]) => number(at(kind, what)) ?? []));
}

/** The sum of `numbers`; `null` of none, and where they add up to more than a number can be. */
export function total(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : number(numbers.reduce((sum, each) => sum + each, 0));
}

/** A count that is not exact is none, and need not fit into a column either. */
function tokens(usage: unknown): bigint | null {
  const sum = Math.round(sumOf(usage, "tokens") ?? Number.NaN);
  return Number.isSafeInteger(sum) ? BigInt(sum) : null;
}
