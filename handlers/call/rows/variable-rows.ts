import type { VariableRow } from "../../../queries/tables/variables.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, entries, jsonText, list, text } from "../json.ts";
import { jsonType } from "../json-type.ts";
import { toolResults } from "./tool-results.ts";

/** The whole conversation as a text, which ElevenLabs adds to the variables. The table `turns` has it. */
const HISTORY = "system__conversation_history";

/**
 * The prefix of secrets, such as tokens for the headers of a tool. ElevenLabs does not send them to the language model
 * (elevenlabs.io/docs/eleven-agents/customization/personalization/dynamic-variables, 2026-11).
 */
const SECRET = /^\s*secret__/i;

/** The last value of a variable, and what set it. */
interface Variable {
  readonly value: unknown;
  readonly source: "initiation" | "tool";
}

/**
 * One row for each dynamic variable of the call, with its last value.
 *
 * A secret variable has no row. A tool that changes a variable states the new value in `dynamic_variable_updates`; the
 * last update in the order of the transcript is the value at the end of the call.
 */
export function variableRows(event: KnownEvent): VariableRow[] {
  return [...variablesOf(at(event.body.value, "data"))].map(([name, { value, source }]) => ({
    conversation_id: event.conversationId,
    name,
    value: jsonText(value),
    value_type: jsonType(value),
    source,
    agent_id: agentId(event.body),
  }));
}

function variablesOf(data: unknown): ReadonlyMap<string, Variable> {
  const set = initialVariables(at(data, "conversation_initiation_client_data", "dynamic_variables"));
  const updates = toolResults(at(data, "transcript")).flatMap((result) => list(at(result, "dynamic_variable_updates")));
  const changed = updates.map((update) => [text(at(update, "variable_name")), at(update, "new_value")] as const);
  const variables = new Map<string, Variable>();
  for (const [name, value] of set) if (isShown(name)) variables.set(name, { value, source: "initiation" });
  for (const [name, value] of changed) if (isShown(name)) variables.set(name, { value, source: "tool" });
  return variables;
}

/** The variables as `{name: value}`, or as a list of `{name, value}`. */
function initialVariables(stated: unknown): readonly (readonly [string | null, unknown])[] {
  if (!Array.isArray(stated)) return entries(stated);
  return stated.map((each) => [text(at(each, "name")), at(each, "value")]);
}

function isShown(name: string | null): name is string {
  return name !== null && name !== HISTORY && !SECRET.test(name);
}
