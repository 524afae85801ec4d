import { at, list, text, words } from "../json.ts";
import { turnIndex } from "./turn-index.ts";
import { workflowSteps } from "./workflow-steps.ts";

/** The entry of a tool call, and the workflow that contains it; for a result without a tool call, those of the result. */
interface Place {
  readonly turn: unknown;
  readonly turnIndex: number;
  /** `null` outside a workflow. */
  readonly parentRequestId: string | null;
  readonly nodeId: string | null;
}

/** A tool call and its result. One of them may be `undefined`. */
export interface PlacedTool {
  readonly place: Place;
  readonly call: unknown;
  readonly result: unknown;
}

interface PlacedItem {
  readonly place: Place;
  readonly item: unknown;
}

/**
 * Every tool call of a transcript with its result, and every result without a tool call. The tools of a workflow follow
 * their workflow, at any depth.
 *
 * A tool call and its result are in separate entries, or in the two lists of a workflow's step. They share a
 * `request_id`. Repeated ids are paired in order.
 */
export function toolsOf(transcript: readonly unknown[]): PlacedTool[] {
  const found: PlacedTool[] = [];
  // No recursion: workflows may be nested too deep for it. The last tool is the next one.
  const open = paired(itemsOf(transcript, "tool_calls"), itemsOf(transcript, "tool_results")).reverse();
  for (let tool = open.pop(); tool !== undefined; tool = open.pop()) {
    found.push(tool);
    for (const nested of nestedTools(tool).reverse()) open.push(nested);
  }
  return found;
}

/** The id of a tool call, or of its result. */
export function requestId({ call, result }: PlacedTool): string | null {
  return text(at(call, "request_id")) ?? text(at(result, "request_id"));
}

/** The type of a tool: system, webhook, workflow, … `null` if neither the call nor the result states it. */
export function toolType({ call, result }: PlacedTool): string | null {
  return words(at(call, "type")) ?? words(at(result, "type"));
}

/** The type of the tool whose result this is. It decides how `result_value` is read. */
export function resultToolType({ call, result }: PlacedTool): string | null {
  return words(at(result, "type")) ?? words(at(call, "type"));
}

function itemsOf(transcript: readonly unknown[], name: string): PlacedItem[] {
  return transcript.flatMap((turn, position) => {
    const place = { turn, turnIndex: turnIndex(turn, position), parentRequestId: null, nodeId: null };
    return list(at(turn, name)).map((item) => ({ item, place }));
  });
}

function nestedTools(tool: PlacedTool): PlacedTool[] {
  return workflowSteps(tool.result, resultToolType(tool)).flatMap((step) => {
    const place = { ...tool.place, parentRequestId: requestId(tool), nodeId: text(at(step, "node_id")) };
    const itemsIn = (name: string) => list(at(step, name)).map((item) => ({ item, place }));
    return paired(itemsIn("requests"), itemsIn("results"));
  });
}

/** Each call with the first result of its id that no earlier call has, then the results that are left. */
function paired(calls: readonly PlacedItem[], results: readonly PlacedItem[]): PlacedTool[] {
  const byId = Map.groupBy(results.toReversed(), ({ item }) => text(at(item, "request_id")));
  byId.delete(null);
  const left = new Set(results);
  const joined = calls.map(({ item, place }) => {
    const result = byId.get(text(at(item, "request_id")))?.pop();
    if (result) left.delete(result);
    return { place, call: item, result: result?.item };
  });
  return [...joined, ...[...left].map(({ item, place }) => ({ place, call: undefined, result: item }))];
}
