import type { ConversationRow } from "../../../queries/tables/conversations.ts";
import type { KnownEvent } from "../event.ts";
import { at, boolean, list, number, text } from "../json.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import { countOf, saidBy, transcriptOf } from "../transcript.ts";
import { costColumns, feedbackColumns, joinColumns, warnings } from "./call-columns.ts";
import { channel, direction, initiationSource } from "./channel.ts";
import { time } from "./day.ts";
import { columnsOfEvery } from "./event-columns.ts";
import { isMachine } from "./mailbox.ts";
import type { Provenance } from "./provenance.ts";
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
  const transcript = list(at(data, "transcript"));
  const turns = transcriptOf(event);
  const userTurns = saidBy("user", turns);
  const tools = toolCallRows(event);
  return {
    ...columnsOfEvery(event, from),
    ...joinColumns(data),
    ...direction(metadata),
    ...costColumns(metadata),
    ...feedbackColumns(metadata),
    agent_name: text(at(data, "agent_name")),
    branch_id: text(at(data, "branch_id")),
    version_id: text(at(data, "version_id")),
    user_id: text(at(data, "user_id")),
    channel: channel(data),
    initiation_source: initiationSource(data),
    call_sid: text(at(phoneCall, "call_sid")),
    status: text(at(data, "status")),
    call_result: text(at(phoneCall, "call_result")),
    is_machine: isMachine(data),
    failure_reason: text(at(data, "failure_reason")),
    started_at: time(at(metadata, "start_time_unix_secs")),
    duration_secs: number(at(metadata, "call_duration_secs")),
    queue_wait_secs: number(at(metadata, "queue_wait_secs")),
    acceptance_wait_secs: acceptanceWait(metadata),
    termination_reason: text(at(metadata, "termination_reason")),
    error_code: text(at(metadata, "error", "code")),
    error_reason: text(at(metadata, "error", "reason")),
    warnings: warnings(metadata),
    timezone: text(at(metadata, "timezone")),
    main_language: text(at(metadata, "main_language")),
    text_only: boolean(at(metadata, "text_only")),
    call_successful: text(at(analysis, "call_successful")),
    success_score: number(at(analysis, "call_success_score")),
    title: text(at(analysis, "call_summary_title")),
    summary: text(at(analysis, "transcript_summary")),
    turn_count: transcript.length,
    user_turn_count: userTurns.length,
    agent_turn_count: saidBy("agent", turns).length,
    silence_count: countOf(turns, "silence", "timeout"),
    unsaid_count: countOf(turns, "contextual_update", "backchannel", "mailbox"),
    tool_call_count: tools.length,
    tool_error_count: tools.filter((tool) => tool.is_error === true).length,
    interrupted_count: transcript.filter((turn) => boolean(at(turn, "interrupted")) === true).length,
    first_user_message: userTurns[0]?.message ?? null,
    has_audio: boolean(at(data, "has_audio")),
    recording_absence: absence ?? null,
  };
}

function acceptanceWait(metadata: unknown): number | null {
  const started = number(at(metadata, "start_time_unix_secs"));
  const accepted = number(at(metadata, "accepted_time_unix_secs"));
  return started === null || accepted === null ? null : number(Math.max(0, accepted - started));
}
