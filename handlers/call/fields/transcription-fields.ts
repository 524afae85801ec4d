import { type FieldGroup, type FieldGroups, fieldTree } from "./field-tree.ts";

const ITEM = { mapped: ["criteria_id", "result", "rationale", "score", "max_score"], unmapped: ["scoring_mode"] };
const POINT = { mapped: ["data_collection_id", "value", "rationale"], unmapped: ["name"] };
const SCHEMA = {
  mapped: ["type"],
  unmapped: [
    ...["description", "enum", "is_system_provided", "dynamic_variable", "constant_value", "is_omitted"],
    ...["allowed_values", "allowed_values_dynamic_variable"],
  ],
};
const TOKENS = { mapped: ["tokens", "price"] };
const MODELS = { mapped: [] };

/** The results of an analysis at `path`: as maps, and as lists of the same objects. */
function analysisAt(path: string): FieldGroups {
  const [criteria, points] = [`${path}.evaluation_criteria_results`, `${path}.data_collection_results`];
  const groups: Record<string, FieldGroup> = {};
  for (const each of [`${criteria}.*`, `${criteria}_list[]`]) groups[each] = ITEM;
  for (const each of [`${points}.*`, `${points}_list[]`]) {
    groups[each] = POINT;
    groups[`${each}.json_schema`] = SCHEMA;
  }
  return { [criteria]: {}, [points]: {}, ...groups };
}

/** The token usage of each model at `path`. */
function usageAt(path: string): FieldGroups {
  return {
    [path]: {},
    [`${path}.model_usage`]: MODELS,
    [`${path}.model_usage.*`]: MODELS,
    [`${path}.model_usage.*.*`]: TOKENS,
  };
}

/**
 * The fields of a transcription that were reviewed. Those of `otlp_traces` are in `otel/known-attributes.ts`.
 *
 * From elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks, the types of `@elevenlabs/elevenlabs-js`
 * 2.73.0 and deliveries of 2025-09 to 2026-11; read 2026-11.
 */
export const TRANSCRIPTION_FIELDS = fieldTree({
  "": { mapped: ["type", "event_timestamp"] },
  data: {
    mapped: [
      ...["agent_id", "agent_name", "conversation_id", "status", "user_id", "branch_id", "version_id", "environment"],
      ...["has_audio", "full_audio", "failure_reason", "tag_ids", "otlp_traces"],
    ],
    unmapped: [
      ...["has_user_audio", "has_response_audio", "has_auxiliary_audio", "hiding_reason", "conversation_product"],
      ...["visited_agents", "user_message_count", "agent_message_count", "topic_ids"],
    ],
  },
  "data.transcript[]": {
    mapped: [
      ...["role", "message", "original_message", "time_in_call_secs", "interrupted", "source_medium"],
      ...["ignored_as_backchannel", "platform_event", "contextual_update_info"],
    ],
    unmapped: [
      ...["llm_override", "producing_llm", "used_static_docs", "used_static_kb_document_ids", "file_input"],
      ...["file_inputs", "reasoning", "reasoned", "triggered_guardrails", "source_event_id", "user_identifier", "id"],
      ...["created_at_unix_ms"],
    ],
  },
  "data.transcript[].multivoice_message": {},
  "data.transcript[].multivoice_message.parts[]": { mapped: ["text"], unmapped: ["voice_label", "time_in_call_secs"] },
  "data.transcript[].tool_calls[]": {
    mapped: ["request_id", "tool_name", "type", "params_as_json", "tool_has_been_called"],
    unmapped: ["tool_details"],
  },
  "data.transcript[].tool_results[]": {
    mapped: [
      ...["request_id", "tool_name", "type", "result_value", "is_error", "tool_has_been_called", "tool_latency_secs"],
      ...["error_type", "raw_error_message"],
    ],
    unmapped: ["is_blocked", "integration_id", "credential_id", "integration_connection_id"],
  },
  "data.transcript[].tool_results[].dynamic_variable_updates[]": {
    mapped: ["variable_name", "new_value"],
    unmapped: ["old_value", "updated_at", "tool_name", "tool_request_id"],
  },
  "data.transcript[].tool_results[].result": {
    mapped: ["result_type", "status", "reason", "error", "details", "message", "note", "transfer_number"],
    unmapped: [
      ...["client_message", "agent_message", "conference_name", "post_dial_digits", "voicemail_message", "language"],
      ...["from_agent", "to_agent", "to_node", "condition", "delay_ms", "transfer_message", "branch_info"],
      ...["enable_transferred_agent_first_message", "preserve_client_tts_overrides", "preserve_voice_settings"],
      ...["dtmf_tones", "chunk_count", "chunks", "procedure_id", "procedure_name"],
      ...["procedure_entry_workflow_node", "procedure_return_workflow_node"],
    ],
  },
  "data.transcript[].tool_results[].result.steps[]": {
    mapped: ["type", "node_id"],
    unmapped: ["step_latency_secs", "is_successful", "edge_id", "target_node_id", "max_iterations"],
  },
  // The tools of a workflow have the fields of other tools, and so on for a workflow in a workflow.
  "data.transcript[].tool_results[].result.steps[].requests[]": "data.transcript[].tool_calls[]",
  "data.transcript[].tool_results[].result.steps[].results[]": "data.transcript[].tool_results[]",
  "data.transcript[].feedback": { mapped: ["score"], unmapped: ["time_in_call_secs"] },
  "data.transcript[].conversation_turn_metrics": {
    mapped: ["convai_llm_service_ttfb", "convai_llm_service_ttf_sentence"],
    unmapped: ["convai_asr_provider", "convai_tts_model", "convai_tts_cascade", "voice_id"],
  },
  "data.transcript[].conversation_turn_metrics.metrics": {
    mapped: ["convai_llm_service_ttfb", "convai_llm_service_ttf_sentence"],
    unmapped: [
      ...["convai_asr_trailing_service_latency", "convai_tts_service_ttfb", "convai_llm_service_tt_last_sentence"],
    ],
  },
  "data.transcript[].rag_retrieval_info": {
    mapped: ["chunks", "rag_latency_secs"],
    unmapped: ["embedding_model", "retrieval_query", "used_chunk_ids"],
  },
  ...usageAt("data.transcript[].llm_usage"),
  "data.transcript[].agent_metadata": {
    mapped: ["agent_id", "workflow_node_id"],
    unmapped: ["branch_id", "version_id"],
  },
  "data.metadata": {
    mapped: [
      ...["start_time_unix_secs", "accepted_time_unix_secs", "call_duration_secs", "queue_wait_secs", "cost"],
      ...["cost_fiat", "termination_reason", "warnings", "main_language", "text_only", "timezone"],
      ...["conversation_initiation_source"],
    ],
    unmapped: [
      ...["deletion_settings", "authorization_method", "rag_usage", "features_usage", "eleven_assistant"],
      ...["initiator_id", "conversation_initiation_source_version", "initiation_trigger", "visited_agents"],
      ...["agent_created_from", "agent_last_updated_from", "voice_rewards"],
    ],
  },
  "data.metadata.async_metadata": {
    mapped: ["external_system"],
    unmapped: [
      ...["delivery_status", "delivery_timestamp", "delivery_error", "external_id", "external_link", "retry_count"],
      ...["last_retry_timestamp", "last_processed_external_message_id"],
    ],
  },
  "data.metadata.feedback": {
    mapped: ["overall_score", "likes", "dislikes", "rating", "comment"],
    unmapped: ["type"],
  },
  "data.metadata.charging": {
    mapped: ["llm_price", "voice_surcharge_charge"],
    unmapped: [
      ...["dev_discount", "is_burst", "tier", "llm_charge", "call_charge", "free_minutes_consumed"],
      ...["free_llm_dollars_consumed", "platform_price", "platform_charge", "platform_usage", "tts_usage"],
      ...["asr_usage", "analysis"],
    ],
  },
  "data.metadata.charging.llm_usage": {},
  ...usageAt("data.metadata.charging.llm_usage.initiated_generation"),
  ...usageAt("data.metadata.charging.llm_usage.irreversible_generation"),
  "data.metadata.phone_call": {
    mapped: ["direction", "agent_number", "external_number", "type", "call_sid", "call_result"],
    unmapped: ["phone_number_id", "stream_sid", "call_id", "sip_header_dynamic_variables"],
  },
  "data.metadata.whatsapp": {
    mapped: ["direction", "whatsapp_user_id"],
    unmapped: ["whatsapp_phone_number_id", "awaiting_first_user_message"],
  },
  "data.metadata.whatsapp.recipient": { mapped: ["phone"], unmapped: ["bsuid"] },
  "data.metadata.sms": {
    mapped: ["direction", "sms_user_phone_number", "agent_phone_number"],
    unmapped: ["phone_number_id"],
  },
  "data.metadata.batch_call": { mapped: ["batch_call_id", "batch_call_recipient_id"] },
  "data.metadata.batch_call.campaign": {
    mapped: ["campaign_id", "campaign_lead_id"],
    unmapped: ["cold_attempt", "conversation_type"],
  },
  "data.metadata.error": { mapped: ["code", "reason"] },
  "data.analysis": {
    mapped: ["call_successful", "call_success_score", "transcript_summary", "call_summary_title"],
  },
  ...analysisAt("data.analysis"),
  "data.analysis.scoped[]": {
    mapped: ["scope", "source_agent_id"],
    unmapped: ["source_branch_id", "successful", "success_score"],
  },
  ...analysisAt("data.analysis.scoped[]"),
  "data.conversation_initiation_client_data": {
    mapped: ["dynamic_variables", "environment"],
    unmapped: [
      ...["conversation_config_override", "custom_llm_extra_body", "user_id", "branch_id"],
      ...["starting_workflow_node_id", "procedure_ids"],
    ],
  },
  "data.conversation_initiation_client_data.source_info": { mapped: ["source"], unmapped: ["version"] },
});
