import type { Call } from "./call.ts";
import { filledJson } from "./details.ts";
import { type Json, pythonJson } from "./python-json.ts";
import { HEX } from "./random.ts";
import type { ToolUse } from "./scenario.ts";

/** The two entries of one tool use in the transcript. */
export interface ToolEntries {
  readonly call: Json;
  readonly result: Json;
  /** The parameters that the language model wrote. */
  readonly written: string;
  /** The result that the language model read. */
  readonly answer: string;
}

/** The call of a tool and its result, with the same `request_id`. The company's tools are webhooks. */
export function toolEntries(use: ToolUse, latencySecs: number, { details, random, plan }: Call): ToolEntries {
  const params = filledJson(use.params, details);
  const result = filledJson(use.result, details);
  const written = pythonJson(params);
  const answer = typeof result === "string" ? result : JSON.stringify(result);
  const which = { request_id: `${use.name}_${random.characters(32, HEX)}`, tool_name: use.name };
  return {
    written,
    answer,
    call: {
      type: use.type,
      ...which,
      params_as_json: written,
      tool_has_been_called: true,
      tool_details: use.type === "system" ? null : webhookDetails(use.name, written),
    },
    result: {
      type: use.type,
      ...which,
      result_value: answer,
      is_error: use.error !== undefined,
      tool_has_been_called: true,
      tool_latency_secs: latencySecs,
      ...(use.type === "system" ? { result } : {}),
      ...(use.error || plan.shape === "dated" ? errorFields(use.error) : {}),
      dynamic_variable_updates: [],
    },
  };
}

function webhookDetails(name: string, body: string): Json {
  return {
    type: "webhook",
    method: "POST",
    url: `https://tools.larkspoke.example/v2/${name}`,
    headers: { "Content-Type": "application/json" },
    path_params: {},
    query_params: {},
    body,
  };
}

function errorFields(error: ToolUse["error"]): { error_type: string; raw_error_message: string } {
  return { error_type: error?.type ?? "", raw_error_message: error?.message ?? "" };
}
