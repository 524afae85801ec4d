import type { Row } from "./table.ts";

/** What each language model was used for, and for how much. */
export const llmUsage = {
  name: "llm_usage",
  grain: "one row per conversation and language model",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    llm_model: { type: "string", comment: "the language model" },
    initiated_tokens: { type: "bigint", comment: "tokens of all generations that were begun, in and out" },
    initiated_usd: { type: "double", comment: "their price, in US dollars" },
    used_tokens: { type: "bigint", comment: "tokens of the generations that were spoken, in and out" },
    used_usd: { type: "double", comment: "their price, in US dollars" },
    agent_id: { type: "string", comment: "the agent that took the call" },
  },
} as const;

export type LlmUsageRow = Row<typeof llmUsage>;
