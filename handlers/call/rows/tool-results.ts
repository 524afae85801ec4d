import { at, list, words } from "../json.ts";
import { workflowSteps } from "./workflow-steps.ts";

/**
 * All tool results of a transcript, in its order, also those of the tools inside workflows. The result of a workflow
 * comes after those inside it.
 */
export function toolResults(transcript: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const open = list(transcript).flatMap((turn) => list(at(turn, "tool_results")));
  // Results may be nested too deep for recursion. The last one comes first, and the whole list is reversed at the end.
  while (open.length > 0) {
    const result = open.pop();
    found.push(result);
    const steps = workflowSteps(result, words(at(result, "type")));
    for (const step of steps) for (const each of list(at(step, "results"))) open.push(each);
  }
  return found.reverse();
}
