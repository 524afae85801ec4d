import type { ToolCallRow } from "../../../queries/tables/tool-calls.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, boolean, jsonText, list, number, text } from "../json.ts";
import { turnIndex } from "./turn-index.ts";

/** A tool call or a tool result, with its transcript entry. */
interface PlacedItem {
  readonly item: unknown;
  readonly turn: unknown;
  readonly turnIndex: number;
}

/**
 * One row for each tool call, with its result. The two are in separate transcript entries and share a `request_id`.
 *
 * A tool call without a result has a row without one. A result without a tool call has its own row, so that the rows
 * contain the whole transcript.
 */
export function toolCallRows(event: KnownEvent): ToolCallRow[] {
  const transcript = list(at(event.body.value, "data", "transcript"));
  const calls = itemsWithPlace(transcript, "tool_calls");
  const results = itemsWithPlace(transcript, "tool_results");
  const joined = calls.map((call) => row(event, call, takeResult(results, requestId(call.item))));
  return [...joined, ...results.map((result) => row(event, result, result.item))];
}

function row(event: KnownEvent, { item, turn, turnIndex }: PlacedItem, result: unknown): ToolCallRow {
  return {
    conversation_id: event.conversationId,
    request_id: requestId(item),
    parent_request_id: null,
    workflow_node_id: null,
    turn_index: turnIndex,
    time_in_call_secs: number(at(turn, "time_in_call_secs")),
    tool_name: text(at(item, "tool_name")),
    tool_type: text(at(item, "type")),
    called: wasCalled(item, result),
    params_json: jsonText(at(item, "params_as_json")),
    result_json: jsonText(at(result, "result_value")),
    result_type: null,
    is_error: boolean(at(result, "is_error")),
    error_type: text(at(result, "error_type")),
    error_message: text(at(result, "raw_error_message")),
    is_cut: null,
    latency_secs: number(at(result, "tool_latency_secs")),
    agent_id: text(at(turn, "agent_metadata", "agent_id")) ?? agentId(event.body),
  };
}

/** Whether the call or the result states that the tool was called. The transcript may list a call before it happens. */
function wasCalled(call: unknown, result: unknown): boolean | null {
  const stated = [call, result].map((each) => boolean(at(each, "tool_has_been_called")));
  return stated.includes(true) || (stated.find((each) => each !== null) ?? null);
}

function itemsWithPlace(transcript: readonly unknown[], name: string): PlacedItem[] {
  return transcript.flatMap((turn, place) =>
    list(at(turn, name)).map((item) => ({ item, turn, turnIndex: turnIndex(turn, place) })),
  );
}

/** Removes the first result of this request from `results` and returns it, so that repeated ids are paired in order. */
function takeResult(results: PlacedItem[], request: string | null): unknown {
  const position = request === null ? -1 : results.findIndex(({ item }) => requestId(item) === request);
  return position === -1 ? undefined : results.splice(position, 1)[0]?.item;
}

function requestId(item: unknown): string | null {
  return text(at(item, "request_id"));
}
