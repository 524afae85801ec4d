import type { Row } from "./table.ts";

/** How each call did by the customer's own criteria. */
export const evaluations = {
  name: "evaluations",
  grain: "one row per conversation and evaluation criterion",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    criteria_id: { type: "string", comment: "the criterion's id" },
    result: { type: "string", comment: "success, failure or unknown" },
    score: { type: "double", comment: "the criterion's score, where it has one" },
    rationale: { type: "string", comment: "why" },
    agent_id: { type: "string", comment: "the agent that was judged" },
  },
} as const;

export type EvaluationRow = Row<typeof evaluations>;
