import type { Call } from "./call.ts";
import { callAnalysis } from "./call-analysis.ts";
import { callMetadata, unixSecs } from "./call-metadata.ts";
import { AGENTS } from "./company.ts";
import { connectionTraces } from "./connection.ts";
import { type Json, pythonJson } from "./python-json.ts";
import { transcript } from "./transcript.ts";

/** Formats are made once: to make one takes longer than the rest of a call. */
const [WEEKDAY, CLOCK, DATE] = [
  new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }),
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" }),
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
];

/** The exact text of the call's `post_call_transcription`, with the recording `embedded`, if there is one. */
export function transcriptionBody(call: Call, embedded?: Buffer): string {
  const { plan } = call;
  const isDated = plan.shape === "dated";
  const agent = AGENTS[plan.scenario.agent];
  const traces = connectionTraces(plan.connection, plan.person, call.random);
  const spoken = transcript(call);
  const hasAudio = plan.recording !== "none";
  const data = {
    agent_id: agent.id,
    agent_name: isDated ? agent.name : undefined,
    conversation_id: call.conversationId,
    status: plan.scenario.error ? "failed" : "done",
    user_id: plan.connection.userId,
    branch_id: isDated ? agent.branchId : null,
    version_id: isDated ? agent.versionId : undefined,
    transcript: spoken.turns,
    metadata: callMetadata(call, spoken, traces),
    analysis: callAnalysis(call),
    conversation_initiation_client_data: initiation(call, traces.variables),
    ...(isDated ? { has_audio: hasAudio, has_user_audio: hasAudio, has_response_audio: hasAudio } : {}),
    full_audio: embedded?.toString("base64"),
  };
  const event_timestamp = isDated ? unixSecs(call.sentAt) : undefined;
  return pythonJson({ type: "post_call_transcription", event_timestamp, data });
}

function initiation(call: Call, fromCarrier: { readonly [name: string]: Json }): Json {
  const { userId } = call.plan.connection;
  const agentId = AGENTS[call.plan.scenario.agent].id;
  const end = new Date(call.startedAt.getTime() + 1000 * call.timeline.durationSecs);
  return {
    conversation_config_override: { turn: null, tts: null, conversation: null, agent: null },
    custom_llm_extra_body: {},
    user_id: userId,
    source_info: { source: null, version: null },
    dynamic_variables: {
      system__agent_id: agentId,
      system__current_agent_id: agentId,
      system__conversation_id: call.conversationId,
      ...fromCarrier,
      system__call_duration_secs: call.timeline.durationSecs,
      system__time_utc: end.toISOString().replace(/\d{3}Z$/, `${call.random.integer(100_000, 999_999)}+00:00`),
      system__time: clockTime(end),
      system__timezone: null,
      ...(userId === null ? {} : { customer_name: call.plan.person.name, loyalty_card: true }),
    },
  };
}

/** A time in the format of `system__time`: `Wednesday, 16:50 12 November 2025`. */
function clockTime(time: Date): string {
  return `${WEEKDAY.format(time)}, ${CLOCK.format(time)} ${DATE.format(time)}`;
}
