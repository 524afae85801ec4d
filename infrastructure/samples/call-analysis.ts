import type { Call } from "./call.ts";
import { COLLECTED_VALUES } from "./collected.ts";
import { filled, filledJson } from "./details.ts";
import type { Json } from "./python-json.ts";
import type { EvaluationResult } from "./scenario.ts";

const SCHEMAS: ReadonlyMap<string, { readonly type: string; readonly description: string }> = new Map(
  Object.entries(COLLECTED_VALUES),
);

/** `data.analysis`: ElevenLabs' analysis of the call. `null` if the call has no transcript. */
export function callAnalysis(call: Call): Json {
  const { scenario, shape } = call.plan;
  if (scenario.steps.length === 0) return null;
  const { score, successful, title, evaluations = {}, collected = {} } = scenario;
  const results = Object.entries(evaluations).map(([id, [result, why]]) => [id, evaluation(id, result, why, call)]);
  const found = Object.entries(collected).map(([id, [value, why]]) => [id, dataPoint(id, value, why, call)]);
  return {
    evaluation_criteria_results: Object.fromEntries(results),
    data_collection_results: Object.fromEntries(found),
    call_successful: successful,
    ...(shape === "dated" && score !== undefined ? { call_success_score: score } : {}),
    transcript_summary: filled(scenario.summary, call.details),
    call_summary_title: title,
  };
}

function evaluation(
  criteria_id: string,
  result: EvaluationResult,
  rationale: string,
  { plan, details, random }: Call,
): Json {
  const score = result === "success" ? random.integer(75, 100) : random.integer(5, 45);
  return {
    criteria_id,
    result,
    rationale: filled(rationale, details),
    ...(plan.shape === "dated" && result !== "unknown" ? { score } : {}),
  };
}

function dataPoint(data_collection_id: string, value: Json, rationale: string, { details }: Call): Json {
  const json_schema = {
    ...SCHEMAS.get(data_collection_id),
    enum: null,
    is_system_provided: false,
    dynamic_variable: "",
    constant_value: "",
  };
  return {
    data_collection_id,
    value: filledJson(value, details),
    json_schema,
    rationale: filled(rationale, details),
  };
}
