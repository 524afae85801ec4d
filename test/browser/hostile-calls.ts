import { aTranscription, metadataWith, START } from "../support/fixtures/events.ts";

/** The id of a call whose every text is hostile. */
export const HOSTILE_ID = "conv_hostile";
/** The id of a call of many turns. */
export const LONG_ID = "conv_long";

export const SCRIPT = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`;
export const RIGHT_TO_LEFT = "\u202eשלום abc مرحبا";
export const ANSI = "\u001b[31mred\u001b[0m\u0007";
export const EMOJI = "👩‍👩‍👧‍👦 🏳️‍🌈 ok";
const MEGABYTE = `begin ${"very long ".repeat(100_000)}end`;

/** A call with markup, control characters, other scripts, a text of a megabyte, and every kind of entry. */
export function hostileCall(): Buffer {
  const turns = [
    { role: "agent", message: SCRIPT },
    { role: "user", message: RIGHT_TO_LEFT },
    { role: "agent", message: ANSI },
    { role: "user", message: EMOJI },
    { role: "user", message: MEGABYTE },
    { role: "agent", message: "Kept words...", original_message: `Kept words ${SCRIPT}`, interrupted: true },
    { role: "user", message: "..." },
    { role: "user", message: "mhm", ignored_as_backchannel: true },
    { role: "user", message: "The page shows the basket", contextual_update_info: {} },
    { role: "agent", message: null, tool_calls: [tool("outer", "run_flow")] },
    { role: "agent", message: null, tool_results: [workflowResult()] },
    { role: "agent", message: "Done." },
  ];
  return aTranscription({
    conversation_id: HOSTILE_ID,
    transcript: turns.map((turn, n) => ({ ...turn, time_in_call_secs: 5 * n })),
    metadata: metadataWith({ start_time_unix_secs: START + 60, call_duration_secs: 70 }),
    analysis: {
      call_successful: "failure",
      call_summary_title: SCRIPT,
      transcript_summary: `${SCRIPT} ${ANSI}`,
      evaluation_criteria_results: {
        [SCRIPT]: { criteria_id: SCRIPT, result: "failure", rationale: SCRIPT },
      },
      data_collection_results: {
        [SCRIPT]: { data_collection_id: SCRIPT, value: SCRIPT, rationale: SCRIPT },
      },
    },
    conversation_initiation_client_data: { dynamic_variables: { [SCRIPT]: SCRIPT, long: MEGABYTE } },
  });
}

/** The id of a call whose times are tangled. */
export const TANGLED_ID = "conv_tangled";

/** A call with turns of one second, a missing time, and times that decrease. */
export function tangledCall(): Buffer {
  const times = [0, 5, 5, 5, null, 3, 9];
  const transcript = times.map((time_in_call_secs, n) => ({
    role: n % 2 === 0 ? "agent" : "user",
    message: `Turn ${n}.`,
    time_in_call_secs,
  }));
  return aTranscription({
    conversation_id: TANGLED_ID,
    transcript,
    metadata: metadataWith({ start_time_unix_secs: START + 180, call_duration_secs: 12 }),
  });
}

/** A call of `count` turns, each with a tool call. */
export function longCall(count: number): Buffer {
  const transcript = Array.from({ length: count }, (_, n) => ({
    role: n % 2 === 0 ? "agent" : "user",
    message: `Turn ${n} of a call that does not end, and goes on and on.`,
    time_in_call_secs: 2 * n,
    ...(n % 2 === 0 && {
      tool_calls: [tool(`call_${n}`, "count")],
      conversation_turn_metrics: { metrics: { convai_llm_service_ttfb: { elapsed_time: 0.4 } } },
    }),
  }));
  return aTranscription({
    conversation_id: LONG_ID,
    transcript,
    metadata: metadataWith({ start_time_unix_secs: START + 120, call_duration_secs: 2 * count }),
  });
}

function tool(request_id: string, tool_name: string) {
  const params_as_json = JSON.stringify({ html: SCRIPT });
  return { request_id, tool_name, type: "webhook", tool_has_been_called: true, params_as_json };
}

/** The result of a workflow with a failed tool call inside. */
function workflowResult() {
  const result_value = `{"html":${JSON.stringify(SCRIPT)},"id":12345678901234567890}`;
  const inner = { request_id: "inner", tool_name: "look_up", result_value, is_error: true, tool_latency_secs: 2.5 };
  const steps = [{ type: "nested_tools", node_id: "node_1", requests: [tool("inner", "look_up")], results: [inner] }];
  return { request_id: "outer", tool_name: "run_flow", type: "workflow", result: { steps }, tool_latency_secs: 3 };
}
