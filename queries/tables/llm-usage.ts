import type { Row } from "./table.ts";

/** The tokens and the price of each language model in each call. */
export const llmUsage = {
  name: "llm_usage",
  grain: "one row per conversation and language model",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    llm_model: { type: "string", comment: "name of the language model" },
    initiated_tokens: { type: "bigint", comment: "input and output tokens of all generations that were started" },
    initiated_usd: { type: "double", comment: "price of the initiated tokens, in US dollars" },
    used_tokens: { type: "bigint", comment: "input and output tokens of the spoken generations" },
    used_input_tokens: { type: "bigint", comment: "the used tokens that were input, cached ones included" },
    used_output_tokens: { type: "bigint", comment: "the used tokens that were output" },
    used_usd: { type: "double", comment: "price of the used tokens, in US dollars" },
    agent_id: { type: "string", comment: "the agent that took the call" },
  },
} as const;

export type LlmUsageRow = Row<typeof llmUsage>;
