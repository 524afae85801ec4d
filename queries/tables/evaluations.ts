import type { Row } from "./table.ts";

/** The result of each call for each of the customer's evaluation criteria. */
export const evaluations = {
  name: "evaluations",
  grain: "one row per conversation and evaluation criterion",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    criteria_id: { type: "string", comment: "the criterion's id" },
    result: { type: "string", comment: "success, failure or unknown" },
    score: { type: "double", comment: "score for the criterion, if it has one" },
    max_score: { type: "double", comment: "highest possible score for the criterion" },
    rationale: { type: "string", comment: "explanation of the result" },
    scope: { type: "string", comment: "conversation, or agent for the result of one agent of a transferred call" },
    agent_id: { type: "string", comment: "the evaluated agent" },
  },
} as const;

export type EvaluationRow = Row<typeof evaluations>;
