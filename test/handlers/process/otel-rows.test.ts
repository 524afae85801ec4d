import { expect, test } from "vitest";
import { anAudio, aTranscription, MP3, metadataWith, START } from "../../support/fixtures/events.ts";
import { aCallSpan, anAgentSpan, anOtelCall, aSpan, aUserSpan } from "../../support/fixtures/otel.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const CUT = `{"ok": true, "notes": "${"x".repeat(4_050)}`;

/** A call whose spans are not in order. The agent uses two tools in turn 2, and is interrupted. */
const CALL = anOtelCall(
  [
    anAgentSpan(2, "Let me look th...", {
      id: "t2",
      start: 4,
      attributes: {
        producing_llm: "gemini-2.0-flash-001",
        "llm_usage.gemini-2.0-flash-001.input": "{'tokens': 2172, 'price': 0.25}",
        "llm_usage.gemini-2.0-flash-001.output_total": "{'tokens': 40, 'price': 0.5}",
        "metric.convai_llm_service_ttfb_ms": 412.5,
        "rag.latency_ms": 88,
      },
    }),
    aCallSpan(
      {
        status: "done",
        "session.duration_ms": 47_250,
        termination_reason: "end_call tool was called.",
        "analysis.transcript_summary": "The caller moved a delivery.",
        "analysis.call_successful": "success",
        "analysis.data_collection_results.order":
          "{'data_collection_id': 'order', 'value': 'LS-1', 'json_schema': {'type': 'string'}}",
        "analysis.data_collection_results.urgent": '{"data_collection_id": "urgent", "value": true}',
        "analysis.evaluation_criteria_results.polite":
          "{'criteria_id': 'polite', 'result': 'success', 'rationale': 'Polite.'}",
      },
      { status: { code: 2, message: "the call ended" } },
    ),
    aSpan("tool.move_delivery", {
      id: "s2",
      parent: "t2",
      start: 7,
      attributes: {
        "tool.params": '{"day": "Friday"}',
        "tool.result": "timeout",
        "tool.status": "error",
        "tool.latency_ms": 2000,
      },
    }),
    aUserSpan(1, "Please move my delivery.", { start: 4 }),
    aUserSpan(5, "...", { start: 12 }),
    anAgentSpan(4, "Moved. Goodbye.", { start: 9 }),
    anAgentSpan(0, "Good morning."),
    aSpan("tool.find_delivery", {
      id: "s1",
      parent: "t2",
      start: 5,
      attributes: {
        "tool.params": '{"order": "LS-1"}',
        "tool.result": CUT,
        "tool.status": "success",
        "tool.latency_ms": 1830,
      },
    }),
  ],
  { agent_id: "agent_1" },
);

test("the spans of a call have the rows of a call", async () => {
  const world = aWorld();
  await world.take(CALL);
  expect(await world.rows("conversations")).toMatchObject([
    {
      conversation_id: "conv_1",
      agent_id: "agent_1",
      caller: "12025550101",
      channel: "phone",
      status: "done",
      started_at: new Date(START * 1000),
      duration_secs: 47.25,
      termination_reason: "end_call tool was called.",
      call_successful: "success",
      summary: "The caller moved a delivery.",
      turn_count: 5,
      tool_call_count: 2,
      tool_error_count: 1,
      interrupted_count: 1,
      first_user_message: "Please move my delivery.",
      llm_used_usd: 0.75,
      raw_key: "12025550101/conv_1.json",
    },
  ]);
  expect(await world.rows("turns")).toMatchObject([
    { turn_index: 0, role: "agent", message: "Good morning.", time_in_call_secs: 0, interrupted: false },
    { turn_index: 1, role: "user", message: "Please move my delivery.", time_in_call_secs: 4, interrupted: null },
    {
      turn_index: 2,
      message: "Let me look th...",
      interrupted: true,
      llm_model: "gemini-2.0-flash-001",
      ttfb_secs: 0.4125,
      rag_latency_secs: 0.088,
      rag_chunk_count: null,
      tool_names: "find_delivery,move_delivery",
    },
    { turn_index: 4, role: "agent", time_in_call_secs: 9 },
    { turn_index: 5, role: "user", message: "..." },
  ]);
  expect(await world.rows("tool_calls")).toMatchObject([
    {
      turn_index: 2,
      request_id: "s1",
      tool_name: "find_delivery",
      result_json: CUT,
      is_error: false,
      latency_secs: 1.83,
    },
    {
      turn_index: 2,
      tool_name: "move_delivery",
      params_json: '{"day": "Friday"}',
      result_json: "timeout",
      is_error: true,
    },
  ]);
  expect(await world.rows("data_points")).toMatchObject([
    { name: "order", value: "LS-1", value_type: "string" },
    { name: "urgent", value: "true" },
  ]);
  expect(await world.rows("evaluations")).toMatchObject([
    { criteria_id: "polite", result: "success", rationale: "Polite." },
  ]);
  expect(await world.rows("llm_usage")).toMatchObject([
    { llm_model: "gemini-2.0-flash-001", used_tokens: 2212n, used_usd: 0.75 },
  ]);
});

test("the spans of a call have the memories of a call, under its caller", async () => {
  const world = aWorld();
  await world.take(CALL);
  expect(world.memories.all).toMatchObject([
    { user_id: "+12025550101", type: "factual", messages: [{ content: "The caller moved a delivery.\nPolite." }] },
    { type: "semantic", metadata: { call_duration_secs: 47.25, started_at: new Date(START * 1000).toISOString() } },
  ]);
  const contents = world.memories.all[1]?.messages.map(({ content }) => content);
  expect(contents?.slice(0, 3)).toEqual(["Good morning.", "Please move my delivery.", "Let me look th..."]);
});

test.each([
  ["before", [anAudio(), CALL]],
  ["after", [CALL, anAudio()]],
])("the recording that arrives %s the spans is stored beside them", async (_, bodies) => {
  const world = aWorld();
  for (const body of bodies) await world.take(body);
  expect(world.archive.objects.get("12025550101/conv_1.mp3")?.body).toEqual(MP3);
});

test("the same call as JSON replaces its spans, and leaves no row of them", async () => {
  const world = aWorld();
  await world.take(CALL);
  const again = await world.delivered(aTranscription({ metadata: metadataWith({ call_duration_secs: 41 }) }));
  await world.process(again);
  expect(again).toBe("12025550101/conv_1.json");
  expect(await world.rows("conversations")).toMatchObject([{ duration_secs: 41, turn_count: 2 }]);
  expect((await world.rows("turns")).map((row) => row["turn_index"])).toEqual([0, 1]);
  expect(await world.rows("tool_calls")).toEqual([]);
});
