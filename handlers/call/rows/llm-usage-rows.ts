import type { LlmUsageRow } from "../../../queries/tables/llm-usage.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, entries, number } from "../json.ts";

/** One row for each language model that began a generation in the call, whether or not the generation was used. */
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

/** The sum over all kinds of tokens of a model (input, cached input, output); `null` if there is no number. */
export function sumOf(usage: unknown, what: "price" | "tokens"): number | null {
  return total(entries(usage).flatMap(([, kind]) => number(at(kind, what)) ?? []));
}

/** The sum of `numbers`; `null` if there are none, or if the sum is not finite. */
export function total(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : number(numbers.reduce((sum, each) => sum + each, 0));
}

/** The number of tokens; `null` above the safe integers, which are not exact and may not fit into the column. */
function tokens(usage: unknown): bigint | null {
  const sum = Math.round(sumOf(usage, "tokens") ?? Number.NaN);
  return Number.isSafeInteger(sum) ? BigInt(sum) : null;
}
