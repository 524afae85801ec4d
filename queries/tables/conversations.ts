import { JSON_COLUMNS } from "./json-columns.ts";
import type { Row } from "./table.ts";

/** Every call, and every attempt that failed before a call began. */
export const conversations = {
  name: "conversations",
  grain: "one row per call or failed attempt",
  sortedBy: "started_at",
  columns: {
    conversation_id: { type: "string", required: true, comment: "ElevenLabs' id of the conversation" },
    agent_id: { type: "string", comment: "the agent that took or placed the call" },
    agent_name: { type: "string", comment: "the agent's name at the time of the call" },
    branch_id: { type: "string", comment: "the agent's branch" },
    version_id: { type: "string", comment: "the agent's version" },
    user_id: { type: "string", comment: "the person's id in the customer's system, if the integration sets one" },
    caller: { type: "string", comment: "the person's folder in the archive: digits, user-…, or anonymous" },
    direction: { type: "string", comment: "inbound or outbound" },
    channel: { type: "string", comment: "phone, sip, whatsapp, sms or web" },
    agent_number: { type: "string", comment: "the agent's phone number, as ElevenLabs writes it" },
    call_sid: { type: "string", comment: "the carrier's id for the call" },
    status: { type: "string", comment: "ElevenLabs' status, or initiation_failure for an attempt without a call" },
    failure_reason: { type: "string", comment: "reason for a failed attempt: busy, no-answer, …" },
    started_at: { type: "timestamp", comment: "start of the call, UTC" },
    duration_secs: { type: "double", comment: "length of the call in seconds" },
    queue_wait_secs: { type: "double", comment: "time from start to acceptance, in seconds" },
    cost_credits: { type: "double", comment: "cost in ElevenLabs credits" },
    cost_usd: { type: "double", comment: "cost in US dollars, if ElevenLabs states it" },
    llm_price_usd: { type: "double", comment: "price of the language model as charged, in US dollars" },
    llm_initiated_usd: {
      type: "double",
      comment: "price of all generations that were started, spoken or not, in US dollars",
    },
    llm_used_usd: { type: "double", comment: "price of the spoken generations, in US dollars" },
    termination_reason: { type: "string", comment: "reason for the end of the call, in ElevenLabs' words" },
    error_code: { type: "string", comment: "ElevenLabs' error code, if the call failed with one" },
    main_language: { type: "string", comment: "language code of the call" },
    text_only: { type: "boolean", comment: "true for a chat without voice" },
    call_successful: { type: "string", comment: "the analysis' verdict: success, failure or unknown" },
    success_score: { type: "double", comment: "the analysis' score for the call" },
    title: { type: "string", comment: "summary of the call in a few words" },
    summary: { type: "string", comment: "summary of the call in a paragraph" },
    rating: { type: "double", comment: "the person's rating of the call" },
    feedback_comment: { type: "string", comment: "the person's written comment on the call" },
    turn_count: { type: "int", comment: "number of entries in the transcript" },
    user_turn_count: { type: "int", comment: "number of the person's entries" },
    agent_turn_count: { type: "int", comment: "number of the agent's entries" },
    tool_call_count: { type: "int", comment: "number of tool calls in the transcript" },
    tool_error_count: { type: "int", comment: "number of tool results that are errors" },
    interrupted_count: { type: "int", comment: "number of interrupted entries" },
    first_user_message: { type: "string", comment: "the person's first message" },
    has_audio: {
      type: "boolean",
      comment: "whether ElevenLabs states that it has a recording; null if it does not state it",
    },
    recording_absence: {
      type: "string",
      comment: "reason for a missing recording: off, waiting, not_produced, deleted or not_decodable; else null",
    },
    event_at: { type: "timestamp", comment: "when ElevenLabs sent the event, UTC" },
    ...JSON_COLUMNS,
  },
} as const;

export type ConversationRow = Row<typeof conversations>;
