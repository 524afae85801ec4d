import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, isObject, list } from "../json.ts";

/**
 * The steps that a workflow carried out, in order. A step of type `nested_tools` has tool calls in `requests` and their
 * results in `results`. For other tools the list is empty.
 *
 * They are in `result`, and as JSON text in `result_value`. One of the two is read: the first that has steps. Only
 * ElevenLabs writes `result`, but a customer's own tool may return anything in `result_value`. From the types
 * `WorkflowToolResponseModel…` of `@elevenlabs/elevenlabs-js` 2.73.0 and deliveries; read 2026-11.
 */
export function workflowSteps(result: unknown, toolType: string | null): readonly unknown[] {
  const steps = list(at(jsonIn(at(result, "result")), "steps"));
  const isOwn = toolType === null || toolType === "workflow";
  if (steps.some(isObject) || !isOwn) return steps;
  return list(at(jsonIn(at(result, "result_value")), "steps"));
}

/** Whether the workflow ended because a node was reached too often. */
export function exceededIterations(steps: readonly unknown[]): boolean {
  return steps.some((step) => at(step, "type") === "max_iterations_exceeded");
}

/** A workflow's result without the nested tool calls and their results, which have rows. Its steps remain. */
export function withoutNestedTools(result: unknown, steps: readonly unknown[]): unknown {
  if (!isObject(result) || result["steps"] !== steps) return result;
  return { ...result, steps: steps.map((step) => (isObject(step) ? withoutTools(step) : step)) };
}

function withoutTools({ requests: _, results: __, ...step }: Record<string, unknown>): unknown {
  return step;
}

/** The value of a JSON text; any other value unchanged. `undefined` for a text that is no object in JSON. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.trimStart().startsWith("{") ? parsedJson(value) : undefined;
}
