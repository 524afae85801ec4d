import { at, entries, isObject, list, text } from "./json.ts";

/** A result of the analysis: an evaluated criterion, or a collected value. */
export interface AnalysisResult {
  /** The customer's id of the criterion or value. */
  readonly id: string | null;
  readonly found: unknown;
  /** `conversation`, or `agent` for the part of the call that one agent took. */
  readonly scope: string;
  /** The agent of that part; `null` for the agent of the call. */
  readonly agentId: string | null;
}

/** The fields of one kind of results: their map, and the names that its items may have for their id. */
interface Field {
  readonly name: "evaluation_criteria_results" | "data_collection_results";
  readonly ids: readonly string[];
}

const EVALUATIONS: Field = { name: "evaluation_criteria_results", ids: ["criteria_id"] };
const DATA_POINTS: Field = { name: "data_collection_results", ids: ["data_collection_id", "name"] };

/** The evaluated criteria in the `data` of a call. */
export function evaluationResults(data: unknown): readonly AnalysisResult[] {
  return resultsOf(data, EVALUATIONS);
}

/** The values that the agent is configured to collect, in the `data` of a call, with or without a value. */
export function dataCollectionResults(data: unknown): readonly AnalysisResult[] {
  return resultsOf(data, DATA_POINTS);
}

/**
 * The results of the whole call, then those of its agents in `scoped`.
 *
 * A map `…_results` has a twin, the list `…_results_list`. Either may come alone (seen 2026-11). A result that is
 * stated twice, with the same id and the same agent, is returned once. A result without an id is always returned.
 */
function resultsOf(data: unknown, field: Field): readonly AnalysisResult[] {
  const analysis = at(data, "analysis");
  const callAgent = text(at(data, "agent_id"));
  const scoped = entries(at(analysis, "scoped")).flatMap(([, each]) => {
    const scope = text(at(each, "scope")) ?? "agent";
    return resultsIn(each, field, scope, text(at(each, "source_agent_id")));
  });
  const seen = new Set<string>();
  return [...resultsIn(analysis, field, "conversation", null), ...scoped].filter(({ id, agentId }) => {
    if (id === null) return true;
    const identity = JSON.stringify([id, agentId ?? callAgent]);
    const isNew = !seen.has(identity);
    seen.add(identity);
    return isNew;
  });
}

function resultsIn(analysis: unknown, { name, ids }: Field, scope: string, agentId: string | null): AnalysisResult[] {
  const idOf = (found: unknown) => ids.map((each) => text(at(found, each))).find((id) => id !== null) ?? null;
  const [map, twin] = [at(analysis, name), at(analysis, `${name}_list`)];
  const named = [map, twin].flatMap((each) => (isObject(each) ? entries(each) : []));
  const listed = [map, twin].flatMap(list).filter(isObject);
  return [
    ...named.map(([key, found]) => ({ id: idOf(found) ?? key, found, scope, agentId })),
    ...listed.map((found) => ({ id: idOf(found), found, scope, agentId })),
  ];
}
