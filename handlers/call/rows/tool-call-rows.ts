import type { ToolCallRow } from "../../../queries/tables/tool-calls.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { at, boolean, jsonText, list, number, text, words } from "../json.ts";
import { resultColumns } from "./tool-result.ts";
import { type PlacedTool, requestId, resultToolType, toolsOf, toolType } from "./transcript-tools.ts";

/**
 * One row for each tool call, with its result. The tool calls inside a workflow have rows, too.
 *
 * A tool call without a result has a row without one. A result without a tool call has its own row, so that the rows
 * contain the whole transcript.
 */
export function toolCallRows(event: KnownEvent): ToolCallRow[] {
  return toolsOf(list(at(event.body.value, "data", "transcript"))).map((tool) => row(event, tool));
}

function row(event: KnownEvent, tool: PlacedTool): ToolCallRow {
  const { call, place } = tool;
  return {
    conversation_id: event.conversationId,
    request_id: requestId(tool),
    parent_request_id: place.parentRequestId,
    workflow_node_id: place.nodeId,
    turn_index: place.turnIndex,
    time_in_call_secs: number(at(place.turn, "time_in_call_secs")),
    ...toolColumns(tool),
    params_json: jsonText(at(call, "params_as_json")),
    is_cut: isStated(tool, "is_cut"),
    agent_id: text(at(place.turn, "agent_metadata", "agent_id")) ?? agentId(event.body),
  };
}

/** The columns that a tool and its result have, wherever they are. */
export function toolColumns(tool: PlacedTool) {
  const { call, result } = tool;
  return {
    tool_name: words(at(call, "tool_name")) ?? words(at(result, "tool_name")),
    tool_type: toolType(tool),
    called: isStated(tool, "tool_has_been_called"),
    ...resultColumns(result, resultToolType(tool)),
  };
}

/** Whether the call or the result states it. The transcript may list a call before it happens. */
function isStated({ call, result }: PlacedTool, name: string): boolean | null {
  const stated = [call, result].map((each) => boolean(at(each, name)));
  return stated.includes(true) || (stated.find((each) => each !== null) ?? null);
}
