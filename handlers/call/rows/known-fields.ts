const DATA_COLLECTED = "data.analysis.data_collection_results";
const EVALUATED = "data.analysis.evaluation_criteria_results";

/**
 * The fields of a transcription that were reviewed: they are columns of the tables, or need not be. `[]` means every
 * entry of a list, `*` every key of a map whose keys the customer chooses.
 *
 * A field without its own line here may contain anything: its content is not checked.
 *
 * From elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks, the types of `@elevenlabs/elevenlabs-js`
 * 2.73.0 and deliveries of 2025-09 to 2026-11; read 2026-11.
 */
export const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "": ["type", "event_timestamp", "data"],
  data: [
    ...["agent_id", "agent_name", "conversation_id", "status", "user_id", "branch_id", "version_id", "environment"],
    ...["has_audio", "has_user_audio", "has_response_audio", "full_audio", "transcript", "metadata", "analysis"],
    ...["conversation_initiation_client_data", "failure_reason", "tag_ids", "hiding_reason"],
  ],
  "data.transcript[]": [
    ...["role", "message", "original_message", "multivoice_message", "time_in_call_secs", "interrupted"],
    ...["tool_calls", "tool_results", "feedback", "conversation_turn_metrics", "rag_retrieval_info", "llm_usage"],
    ...["llm_override", "source_medium", "agent_metadata", "used_static_docs", "file_input"],
    ...["ignored_as_backchannel", "producing_llm", "reasoning", "triggered_guardrails", "source_event_id"],
    ...["user_identifier"],
  ],
  "data.transcript[].tool_calls[]": [
    ...["request_id", "tool_name", "type", "params_as_json", "tool_has_been_called", "tool_details"],
  ],
  "data.transcript[].tool_results[]": [
    ...["request_id", "tool_name", "type", "result_value", "is_error", "tool_has_been_called", "tool_latency_secs"],
    ...["error_type", "raw_error_message", "dynamic_variable_updates", "is_blocked", "result"],
  ],
  "data.transcript[].feedback": ["score", "time_in_call_secs"],
  "data.transcript[].rag_retrieval_info": ["chunks", "embedding_model", "retrieval_query", "rag_latency_secs"],
  "data.transcript[].agent_metadata": ["agent_id", "branch_id", "workflow_node_id", "version_id"],
  "data.metadata": [
    ...["start_time_unix_secs", "accepted_time_unix_secs", "call_duration_secs", "cost", "cost_fiat"],
    ...["deletion_settings", "feedback", "authorization_method", "charging", "phone_call", "whatsapp", "sms"],
    ...["batch_call", "termination_reason", "error", "warnings", "main_language", "rag_usage", "text_only"],
    ...["features_usage", "eleven_assistant", "initiator_id", "conversation_initiation_source", "timezone"],
    ...["conversation_initiation_source_version", "initiation_trigger", "async_metadata"],
    ...["queue_wait_secs"],
    ...["agent_created_from", "agent_last_updated_from", "visited_agents"],
  ],
  "data.metadata.feedback": ["type", "overall_score", "likes", "dislikes", "rating", "comment"],
  "data.metadata.charging": [
    ...["dev_discount", "is_burst", "tier", "llm_usage", "llm_price", "llm_charge", "call_charge"],
    ...["free_minutes_consumed", "free_llm_dollars_consumed", "platform_price", "platform_charge"],
    ...["platform_usage", "tts_usage", "asr_usage", "voice_surcharge_charge"],
  ],
  "data.metadata.phone_call": [
    ...["direction", "phone_number_id", "agent_number", "external_number", "type", "stream_sid", "call_sid"],
    ...["call_result"],
  ],
  "data.metadata.error": ["code", "reason"],
  "data.analysis": [
    ...["call_successful", "call_success_score", "transcript_summary", "call_summary_title"],
    ...["evaluation_criteria_results", "evaluation_criteria_results_list"],
    ...["data_collection_results", "data_collection_results_list", "scoped"],
  ],
  [EVALUATED]: ["*"],
  [`${EVALUATED}.*`]: ["criteria_id", "result", "rationale", "score", "max_score"],
  [DATA_COLLECTED]: ["*"],
  [`${DATA_COLLECTED}.*`]: ["data_collection_id", "value", "json_schema", "rationale"],
  "data.conversation_initiation_client_data": [
    ...["conversation_config_override", "custom_llm_extra_body", "user_id", "source_info", "dynamic_variables"],
    ...["branch_id", "environment"],
  ],
};
