/** Attributes of a call that are fields of its `data`. */
export const DATA_ATTRIBUTES: readonly string[] = [
  ...["agent_id", "agent_name", "conversation_id", "user_id", "status", "environment", "branch_id", "version_id"],
];

/** Attributes of a call that are fields of its `metadata`. */
export const METADATA_ATTRIBUTES: readonly string[] = [
  ...["termination_reason", "cost", "cost_fiat", "main_language", "text_only", "timezone"],
  "conversation_initiation_source",
];

/** Attributes of a call below `telephony.`. They are fields of `metadata.phone_call`. */
export const PHONE_ATTRIBUTES: readonly string[] = [
  ...["external_number", "agent_number", "direction", "type", "phone_number_id", "call_sid", "stream_sid"],
  "call_result",
];

/** Attributes of a call below `batch_call.`. They are fields of `metadata.batch_call`. */
export const BATCH_ATTRIBUTES: readonly string[] = ["batch_call_id", "batch_call_recipient_id"];

/** Attributes of a call below `analysis.`. They are fields of its `analysis`. */
export const ANALYSIS_ATTRIBUTES: readonly string[] = [
  ...["call_successful", "call_success_score", "transcript_summary", "call_summary_title"],
];

/** Attributes of a tool below `tool.`. The first that a span has contains the parameters. */
export const PARAMETERS_ATTRIBUTES: readonly string[] = [
  ...["params", "arguments", "parameters", "input", "request", "params_as_json"],
];

/** Attributes of a tool below `tool.`. The first that a span has contains the result. */
export const RESULT_ATTRIBUTES: readonly string[] = ["result", "output", "response", "result_value"];

const OTHER_TOOL_ATTRIBUTES = [
  ...["name", "type", "request_id", "status", "is_error", "error_type", "error_message", "latency_ms"],
];

/** The names of spans, without the prefix `elevenlabs.`, that are a part of a call. `*` is any text. */
export const KNOWN_SPANS: readonly string[] = [
  ...["conversation", "recv.user_transcript", "recv.agent_response", "event.user_transcript", "event.agent_response"],
  "tool.*",
];

/**
 * The names of attributes, without the prefix `elevenlabs.`, that were reviewed: a call is read from them, or need not
 * be. `*` is any text.
 *
 * From elevenlabs.io/docs/eleven-agents/customization/opentelemetry-traces, which names few of them, and from public
 * captures and receivers of 2026-07 to 2026-10 (langfuse.com, LangSmith's SDK); read 2026-11. The others are what the
 * fields of a `post_call_transcription` are called.
 */
export const KNOWN_ATTRIBUTES: readonly string[] = [
  ...DATA_ATTRIBUTES,
  "tag_ids",
  ...METADATA_ATTRIBUTES,
  ...PHONE_ATTRIBUTES.map((name) => `telephony.${name}`),
  ...BATCH_ATTRIBUTES.map((name) => `batch_call.${name}`),
  ...ANALYSIS_ATTRIBUTES.map((name) => `analysis.${name}`),
  ...["analysis.data_collection_results.*", "analysis.evaluation_criteria_results.*"],
  ...["session.duration_ms", "dynamic_variable.*", "source"],
  ...["turn.index", "user.text", "agent.text", "producing_llm", "llm_usage.*.*", "metric.*_ms"],
  ...["rag.latency_ms", "rag.retrieval_query", "rag.embedding_model"],
  ...[...PARAMETERS_ATTRIBUTES, ...RESULT_ATTRIBUTES, ...OTHER_TOOL_ATTRIBUTES].map((name) => `tool.${name}`),
];
