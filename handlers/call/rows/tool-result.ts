import type { ToolCallRow } from "../../../queries/tables/tool-calls.ts";
import { at, boolean, entries, jsonText, number, words } from "../json.ts";
import { exceededIterations, jsonIn, withoutNestedTools, workflowSteps } from "./workflow-steps.ts";

type ResultColumns = Pick<
  ToolCallRow,
  "result_json" | "result_type" | "is_error" | "error_type" | "error_message" | "latency_secs"
>;

/** Texts of `result_value` that state nothing. */
const EMPTY = ["", "null", "None", "{}", "[]", '""'];

/**
 * The columns that a tool's result has. All are null without a result.
 *
 * `result` has the outcome of ElevenLabs' own tools: `result_type` and `status`. `result_value`, a text, may have the
 * same, or be empty, or only a number. It is read for tools of type `system` and for tools without a type, because a
 * customer's own tool may return any text. An error of a tool in a workflow is not an error of the workflow. From the
 * types `…ToolResultModel` of `@elevenlabs/elevenlabs-js` 2.73.0 and deliveries; read 2026-11.
 */
export function resultColumns(result: unknown, toolType: string | null): ResultColumns {
  const steps = workflowSteps(result, toolType);
  const outcomes = outcomesOf(result, toolType);
  const stated = (name: string) => outcomes.map((each) => words(at(each, name))).find((each) => each !== null) ?? null;
  const resultType = stated("result_type");
  const isExceeded = exceededIterations(steps);
  const isError = isExceeded || failed(boolean(at(result, "is_error")), stated("status"), resultType);
  return {
    result_json: resultText(result, steps),
    result_type: resultType,
    is_error: isError,
    error_type: words(at(result, "error_type")) ?? (isExceeded ? "max_iterations_exceeded" : null),
    error_message: words(at(result, "raw_error_message")) ?? (isError ? (stated("error") ?? stated("message")) : null),
    latency_secs: latency(result),
  };
}

/** The objects that state the outcome of an ElevenLabs tool. */
function outcomesOf(result: unknown, toolType: string | null): unknown[] {
  const outcome = jsonIn(at(result, "result"));
  if (toolType !== null && toolType !== "system") return [outcome];
  const returned = jsonIn(at(result, "result_value"));
  return words(at(returned, "result_type")) === null ? [outcome] : [outcome, returned];
}

/** Whether the tool failed, by any of the three; `null` if none states an outcome. */
function failed(isError: boolean | null, status: string | null, resultType: string | null): boolean | null {
  if (isError || status === "error" || resultType?.endsWith("_error")) return true;
  return isError === false || status === "success" || resultType?.endsWith("_success") ? false : null;
}

/** `result_value`, unchanged; `result` as JSON if `result_value` states nothing, or only a number. */
function resultText(result: unknown, steps: readonly unknown[]): string | null {
  const value = jsonText(withoutNestedTools(at(result, "result_value"), steps));
  if (!EMPTY.includes(value?.trim() ?? "") && !Number.isFinite(Number(value))) return value;
  const outcome = at(result, "result");
  const isEmpty = words(outcome) === null && entries(outcome).length === 0;
  return (isEmpty ? null : jsonText(withoutNestedTools(outcome, steps))) ?? value;
}

/** The time of the tool itself. The latency of a workflow's step is that of all its tools. */
function latency(result: unknown): number | null {
  const stated = number(at(result, "tool_latency_secs"));
  return stated !== null && stated >= 0 ? stated : null;
}
