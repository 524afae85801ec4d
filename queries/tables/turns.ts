import type { Row } from "./table.ts";

/** What was said, turn by turn. */
export const turns = {
  name: "turns",
  grain: "one row per transcript entry",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    turn_index: { type: "int", comment: "position in the transcript, from 0" },
    role: { type: "string", comment: "user or agent" },
    message: { type: "string", comment: "what was said; null on entries that only carry a tool" },
    original_message: { type: "string", comment: "what the agent meant to say before it was interrupted" },
    time_in_call_secs: { type: "double", comment: "seconds since the start of the call" },
    interrupted: { type: "boolean", comment: "whether the other side broke in" },
    source_medium: { type: "string", comment: "audio or text" },
    llm_model: { type: "string", comment: "language models that generated it, separated by commas" },
    ttfb_secs: { type: "double", comment: "the language model's time to first byte, in seconds" },
    ttf_sentence_secs: { type: "double", comment: "its time to the first whole sentence, in seconds" },
    rag_chunk_count: { type: "int", comment: "passages retrieved from the knowledge base" },
    rag_latency_secs: { type: "double", comment: "time of that retrieval, in seconds" },
    tool_names: { type: "string", comment: "tools called in it, separated by commas" },
    feedback: { type: "string", comment: "like or dislike" },
    workflow_node_id: { type: "string", comment: "node of the agent's workflow" },
    agent_id: { type: "string", comment: "the agent that spoke or listened" },
    caller: { type: "string", comment: "the person's folder in the archive" },
  },
} as const;

export type TurnRow = Row<typeof turns>;
