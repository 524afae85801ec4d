import type { DataPointRow } from "../../../queries/tables/data-points.ts";
import type { EvaluationRow } from "../../../queries/tables/evaluations.ts";
import { dataCollectionResults, evaluationResults } from "../analysis-results.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, jsonText, number, text } from "../json.ts";
import { jsonType } from "../json-type.ts";

/** One row for each evaluation criterion of the call, and of each of its agents. */
export function evaluationRows(event: KnownEvent): EvaluationRow[] {
  return evaluationResults(at(event.body.value, "data")).map((result) => ({
    conversation_id: event.conversationId,
    criteria_id: result.id,
    result: text(at(result.found, "result")),
    score: number(at(result.found, "score")),
    max_score: number(at(result.found, "max_score")),
    rationale: text(at(result.found, "rationale")),
    scope: result.scope,
    agent_id: result.agentId ?? agentId(event.body),
  }));
}

/** One row for each value that the agent is configured to collect, with or without a result. */
export function dataPointRows(event: KnownEvent): DataPointRow[] {
  return dataCollectionResults(at(event.body.value, "data")).map((result) => ({
    conversation_id: event.conversationId,
    name: result.id,
    value: jsonText(at(result.found, "value")),
    value_type: text(at(result.found, "json_schema", "type")) ?? typeOf(at(result.found, "value")),
    rationale: text(at(result.found, "rationale")),
    scope: result.scope,
    agent_id: result.agentId ?? agentId(event.body),
  }));
}

/** The JSON type of a value, for a result without a schema; `null` if there is no value. */
function typeOf(value: unknown): string | null {
  return value === undefined || value === null ? null : jsonType(value);
}
