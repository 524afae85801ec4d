import { at, list } from "./json.ts";

/**
 * All tool results of a transcript, in order, also those inside the results of workflows. The result of a workflow
 * comes after those inside it.
 *
 * A workflow has its tools' results in `result.steps[].results[]`, at any depth (`@elevenlabs/elevenlabs-js` 2.73.0,
 * 2026-11).
 */
export function toolResults(transcript: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const open = list(transcript).flatMap((turn) => list(at(turn, "tool_results")));
  // Results may be nested too deep for recursion. The last one comes first, and the whole list is reversed at the end.
  while (open.length > 0) {
    const result = open.pop();
    found.push(result);
    for (const step of list(at(result, "result", "steps")))
      for (const each of list(at(step, "results"))) open.push(each);
  }
  return found.reverse();
}
