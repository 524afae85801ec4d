import type { Row } from "./table.ts";

/** The agent's tool calls. */
export const toolCalls = {
  name: "tool_calls",
  grain: "one row per tool call, joined with its result by request_id",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    request_id: { type: "string", comment: "ElevenLabs' id of the tool call" },
    parent_request_id: { type: "string", comment: "id of the workflow's tool call that this one is nested in" },
    workflow_node_id: { type: "string", comment: "node of that workflow that called the tool" },
    turn_index: { type: "int", comment: "position of the transcript entry with the tool call" },
    time_in_call_secs: { type: "double", comment: "time of that entry, in seconds since the start of the call" },
    tool_name: { type: "string", comment: "name of the tool" },
    tool_type: { type: "string", comment: "system, webhook, client, mcp, workflow, …" },
    called: { type: "boolean", comment: "whether the tool call was executed" },
    params_json: { type: "string", comment: "the parameters, as JSON text" },
    result_json: {
      type: "string",
      comment: "the result, as the tool returned it, or as ElevenLabs states it; null if there is none",
    },
    result_type: { type: "string", comment: "ElevenLabs' kind of the result: transfer_to_number_sip_success, …" },
    is_error: { type: "boolean", comment: "whether the result is an error" },
    error_type: { type: "string", comment: "kind of the error" },
    error_message: { type: "string", comment: "the tool's own error message" },
    is_cut: { type: "boolean", comment: "whether ElevenLabs cut the parameters or the result at 4 kB" },
    latency_secs: { type: "double", comment: "time until the result, in seconds" },
    agent_id: { type: "string", comment: "the agent that called the tool" },
  },
} as const;

export type ToolCallRow = Row<typeof toolCalls>;
