import type { ConversationRow } from "../../../queries/tables/conversations.ts";
import type { KnownEvent } from "../event.ts";
import { agentId, eventTimestamp } from "../event-fields.ts";
import { at, boolean, integer, list, number, text, words } from "../json.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import { time } from "./day.ts";
import { modelPrices } from "./llm-usage-rows.ts";
import { type Provenance, provenanceColumns } from "./provenance.ts";
import { toolCallRows } from "./tool-call-rows.ts";

/** The row of a call that took place. `absence` is why it has no recording, if that is known. */
export function conversationRow(
  event: KnownEvent,
  from: Provenance,
  absence: RecordingAbsence | undefined,
): ConversationRow {
  const data = at(event.body.value, "data");
  const metadata = at(data, "metadata");
  const phoneCall = at(metadata, "phone_call");
  const analysis = at(data, "analysis");
  const charging = at(metadata, "charging");
  const transcript = list(at(data, "transcript"));
  const userTurns = transcript.filter((turn) => at(turn, "role") === "user");
  const tools = toolCallRows(event);
  return {
    ...knownOfEvery(event, from),
    agent_name: text(at(data, "agent_name")),
    branch_id: text(at(data, "branch_id")),
    version_id: text(at(data, "version_id")),
    user_id: text(at(data, "user_id")),
    direction: text(at(phoneCall, "direction")) ?? text(at(metadata, "whatsapp", "direction")),
    channel: channel(metadata),
    initiation_source: text(at(metadata, "conversation_initiation_source")),
    environment: text(at(data, "environment")),
    tag_ids: null,
    batch_call_id: text(at(metadata, "batch_call", "batch_call_id")),
    batch_recipient_id: text(at(metadata, "batch_call", "batch_call_recipient_id")),
    campaign_id: text(at(metadata, "batch_call", "campaign", "campaign_id")),
    campaign_lead_id: text(at(metadata, "batch_call", "campaign", "campaign_lead_id")),
    agent_number: text(at(phoneCall, "agent_number")),
    call_sid: text(at(phoneCall, "call_sid")),
    status: text(at(data, "status")),
    call_result: text(at(phoneCall, "call_result")),
    is_machine: null,
    failure_reason: text(at(data, "failure_reason")),
    started_at: time(at(metadata, "start_time_unix_secs")),
    duration_secs: number(at(metadata, "call_duration_secs")),
    queue_wait_secs: number(at(metadata, "queue_wait_secs")),
    acceptance_wait_secs: acceptanceWait(metadata),
    cost_credits: number(at(metadata, "cost")),
    surcharge_credits: null,
    cost_usd: number(at(metadata, "cost_fiat")),
    llm_price_usd: number(at(charging, "llm_price")),
    llm_initiated_usd: modelPrices(at(charging, "llm_usage", "initiated_generation", "model_usage")),
    llm_used_usd: modelPrices(at(charging, "llm_usage", "irreversible_generation", "model_usage")),
    termination_reason: text(at(metadata, "termination_reason")),
    error_code: text(at(metadata, "error", "code")),
    error_reason: text(at(metadata, "error", "reason")),
    warnings: null,
    timezone: text(at(metadata, "timezone")),
    main_language: text(at(metadata, "main_language")),
    text_only: boolean(at(metadata, "text_only")),
    call_successful: text(at(analysis, "call_successful")),
    success_score: number(at(analysis, "call_success_score")),
    title: text(at(analysis, "call_summary_title")),
    summary: text(at(analysis, "transcript_summary")),
    rating: number(at(metadata, "feedback", "rating")),
    overall_score: text(at(metadata, "feedback", "overall_score")),
    likes: integer(at(metadata, "feedback", "likes")),
    dislikes: integer(at(metadata, "feedback", "dislikes")),
    feedback_comment: text(at(metadata, "feedback", "comment")),
    turn_count: transcript.length,
    user_turn_count: userTurns.length,
    agent_turn_count: transcript.filter((turn) => at(turn, "role") === "agent").length,
    silence_count: null,
    unsaid_count: null,
    tool_call_count: tools.length,
    tool_error_count: tools.filter((tool) => tool.is_error === true).length,
    interrupted_count: transcript.filter((turn) => boolean(at(turn, "interrupted")) === true).length,
    first_user_message: userTurns.map((turn) => words(at(turn, "message"))).find((message) => message !== null) ?? null,
    has_audio: boolean(at(data, "has_audio")),
    recording_absence: absence ?? null,
  };
}

/** The row of an attempt that did not become a call. Every attempt is outbound. */
export function failureRow(event: KnownEvent, from: Provenance): Partial<ConversationRow> {
  const data = at(event.body.value, "data");
  const report = at(data, "metadata", "body");
  return {
    ...knownOfEvery(event, from),
    user_id: text(at(data, "user_id")),
    direction: "outbound",
    channel: text(at(data, "metadata", "type")) === "sip" ? "sip" : "phone",
    agent_number: text(at(report, "From")) ?? text(at(report, "from_number")),
    call_sid: text(at(report, "CallSid")) ?? text(at(report, "call_sid")),
    status: "initiation_failure",
    failure_reason: text(at(data, "failure_reason")),
  };
}

/** The columns that a call and an attempt have in common. */
function knownOfEvery(event: KnownEvent, from: Provenance) {
  return {
    conversation_id: event.conversationId,
    agent_id: agentId(event.body),
    caller: from.caller,
    event_at: time(eventTimestamp(event.body)),
    ...provenanceColumns(from),
  };
}

function channel(metadata: unknown): string {
  if (at(metadata, "whatsapp")) return "whatsapp";
  if (at(metadata, "sms")) return "sms";
  const phoneCall = at(metadata, "phone_call");
  if (!phoneCall) return "web";
  return text(at(phoneCall, "type"))?.startsWith("sip") ? "sip" : "phone";
}

function acceptanceWait(metadata: unknown): number | null {
  const started = number(at(metadata, "start_time_unix_secs"));
  const accepted = number(at(metadata, "accepted_time_unix_secs"));
  return started === null || accepted === null ? null : number(Math.max(0, accepted - started));
}
