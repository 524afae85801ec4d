import type { DataPointRow } from "../../../queries/tables/data-points.ts";
import type { EvaluationRow } from "../../../queries/tables/evaluations.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, entries, jsonText, number, text } from "../json.ts";

/** One row for each evaluation criterion of the call. */
export function evaluationRows(event: KnownEvent): EvaluationRow[] {
  return entries(at(event.body.value, "data", "analysis", "evaluation_criteria_results")).map(([name, found]) => ({
    conversation_id: event.conversationId,
    criteria_id: text(at(found, "criteria_id")) ?? name,
    result: text(at(found, "result")),
    score: number(at(found, "score")),
    max_score: number(at(found, "max_score")),
    rationale: text(at(found, "rationale")),
    scope: "conversation",
    agent_id: agentId(event.body),
  }));
}

/** One row for each value that the agent is configured to collect, with or without a result. */
export function dataPointRows(event: KnownEvent): DataPointRow[] {
  return entries(at(event.body.value, "data", "analysis", "data_collection_results")).map(([name, found]) => ({
    conversation_id: event.conversationId,
    name: text(at(found, "data_collection_id")) ?? name,
    value: jsonText(at(found, "value")),
    value_type: text(at(found, "json_schema", "type")),
    rationale: text(at(found, "rationale")),
    scope: "conversation",
    agent_id: agentId(event.body),
  }));
}
