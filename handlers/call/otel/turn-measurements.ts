import { number, words } from "../json.ts";
import { spelledValue } from "./literal.ts";
import { type Attributes, below } from "./spans.ts";
import { stated, unlessEmpty } from "./stated.ts";

/** What was measured while the agent made a turn, in the form of a transcript entry. */
export function turnMeasurements(attributes: Attributes): Record<string, unknown> {
  return stated({
    producing_llm: attributes.get("producing_llm"),
    llm_usage: inMember("model_usage", modelUsage(attributes)),
    conversation_turn_metrics: inMember("metrics", metrics(attributes)),
    rag_retrieval_info: retrieval(attributes),
  });
}

/**
 * The usage by model and kind, from `llm_usage.MODEL.KIND`: a model's name contains dots, the kind has none. A model
 * that produced the turn is listed also without its usage.
 */
function modelUsage(attributes: Attributes): ReadonlyMap<string, unknown> {
  const models = new Map<string, Map<string, unknown>>();
  for (const [path, sent] of below(attributes, "llm_usage.")) {
    const [, model, kind] = /^(.+)\.([^.]+)$/s.exec(path) ?? [];
    if (model === undefined || kind === undefined) continue;
    const usage = spelledValue(sent);
    const kinds = models.get(model) ?? new Map<string, unknown>();
    models.set(model, kinds.set(kind, number(usage) === null ? usage : { tokens: usage }));
  }
  const producer = words(attributes.get("producing_llm"));
  if (models.size === 0 && producer !== null) models.set(producer, new Map());
  return new Map([...models].map(([model, kinds]) => [model, Object.fromEntries(kinds)]));
}

/** The seconds by metric, from `metric.NAME_ms`. */
function metrics(attributes: Attributes): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, sent] of below(attributes, "metric.")) {
    const seconds = secondsOf(sent);
    if (name.endsWith("_ms") && seconds !== null) found.set(name.slice(0, -"_ms".length), { elapsed_time: seconds });
  }
  return found;
}

function retrieval(attributes: Attributes): Record<string, unknown> | null {
  return unlessEmpty(
    stated({
      rag_latency_secs: secondsOf(attributes.get("rag.latency_ms")),
      retrieval_query: attributes.get("rag.retrieval_query"),
      embedding_model: attributes.get("rag.embedding_model"),
    }),
  );
}

function secondsOf(milliseconds: unknown): number | null {
  const found = number(milliseconds);
  return found === null ? null : found / 1000;
}

function inMember(name: string, entries: ReadonlyMap<string, unknown>): Record<string, unknown> | null {
  return entries.size === 0 ? null : { [name]: Object.fromEntries(entries) };
}
