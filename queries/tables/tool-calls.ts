import type { Row } from "./table.ts";

/** What the agent did with its tools. */
export const toolCalls = {
  name: "tool_calls",
  grain: "one row per call of a tool, joined with its result by request_id",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    request_id: { type: "string", comment: "ElevenLabs' id of this one call of the tool" },
    turn_index: { type: "int", comment: "transcript entry that made the call" },
    tool_name: { type: "string", comment: "name of the tool" },
    tool_type: { type: "string", comment: "system, webhook, client, mcp, …" },
    called: { type: "boolean", comment: "whether the tool was really called" },
    params_json: { type: "string", comment: "the parameters, as JSON text" },
    result_json: { type: "string", comment: "the result as the tool gave it; null if none came" },
    is_error: { type: "boolean", comment: "whether the result is an error" },
    error_type: { type: "string", comment: "kind of the error" },
    latency_secs: { type: "double", comment: "time until the result, in seconds" },
    agent_id: { type: "string", comment: "the agent that called it" },
  },
} as const;

export type ToolCallRow = Row<typeof toolCalls>;
