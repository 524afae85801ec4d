import type { Row } from "./table.ts";

/**
 * Matches a text that has words: a letter, a digit or a symbol. Dots, dashes and white space are none of these.
 *
 * It names what has no words, because Trino's list of characters is old: it has no emoji that is newer than Unicode 6,
 * such as U+1F642 (Trino 476, tried 2026-11).
 */
export const WORDS = String.raw`[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{M}]`;

/** The entries of the transcripts. */
export const turns = {
  name: "turns",
  grain: "one row per transcript entry",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    turn_index: { type: "int", comment: "position in the transcript, from 0" },
    role: { type: "string", comment: "user or agent" },
    kind: {
      type: "string",
      comment:
        "said, tool, file, silence, timeout, contextual_update, backchannel or mailbox; only said has words of the call",
    },
    message: { type: "string", comment: "the spoken or typed text, of several voices too; null if there is none" },
    original_message: { type: "string", comment: "the agent's whole text, if an interruption cut it off" },
    time_in_call_secs: { type: "double", comment: "seconds since the start of the call" },
    interrupted: { type: "boolean", comment: "whether the entry was interrupted" },
    source_medium: { type: "string", comment: "audio or text" },
    llm_model: { type: "string", comment: "language models that generated the text, separated by commas" },
    ttfb_secs: { type: "double", comment: "the language model's time to first byte, in seconds" },
    ttf_sentence_secs: { type: "double", comment: "the language model's time to the first whole sentence, in seconds" },
    rag_chunk_count: { type: "int", comment: "number of passages retrieved from the knowledge base" },
    rag_latency_secs: { type: "double", comment: "duration of that retrieval, in seconds" },
    tool_names: { type: "string", comment: "tools called in the entry, separated by commas" },
    feedback: { type: "string", comment: "like or dislike" },
    workflow_node_id: { type: "string", comment: "node of the agent's workflow" },
    agent_id: { type: "string", comment: "the agent in the conversation at that time" },
    caller: { type: "string", comment: "the person's folder in the archive: digits, user-…, or anonymous" },
  },
} as const;

export type TurnRow = Row<typeof turns>;
