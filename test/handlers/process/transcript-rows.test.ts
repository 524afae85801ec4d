import { expect, test } from "vitest";
import { aTranscription, bodyOf } from "../../support/fixtures/events.ts";
import { aWorld, rowsOf } from "../../support/fixtures/world.ts";

test("writes one row for each transcript entry", async () => {
  const transcript = [
    { role: "agent", message: "Hel", original_message: "Hello", interrupted: true, time_in_call_secs: 0 },
    {
      role: "user",
      message: "Hi 🙂",
      source_medium: "audio",
      time_in_call_secs: 3,
      feedback: { score: "like", time_in_call_secs: 4 },
    },
    {
      role: "agent",
      message: null,
      agent_metadata: { agent_id: "agent_2", workflow_node_id: "node_1" },
      llm_usage: { model_usage: { "model-a": {}, "model-b": {} } },
      conversation_turn_metrics: { metrics: { convai_llm_service_ttfb: { elapsed_time: 0.5 } } },
      rag_retrieval_info: { chunks: [{}, {}], rag_latency_secs: 0.25 },
      tool_calls: [{ tool_name: "look_up" }, { tool_name: "book" }],
    },
    { role: "agent", conversation_turn_metrics: { convai_llm_service_ttf_sentence: { elapsed_time: 0.75 } } },
  ];
  const base = { conversation_id: "conv_1", caller: "12025550101", agent_id: "agent_1" };
  expect(await rowsOf(aTranscription({ transcript }), "turns")).toMatchObject([
    {
      ...base,
      turn_index: 0,
      role: "agent",
      kind: "said",
      message: "Hel",
      original_message: "Hello",
      interrupted: true,
    },
    { ...base, turn_index: 1, message: "Hi 🙂", source_medium: "audio", feedback: "like", time_in_call_secs: 3 },
    {
      ...base,
      agent_id: "agent_2",
      workflow_node_id: "node_1",
      kind: "tool",
      message: null,
      llm_model: "model-a,model-b",
      ttfb_secs: 0.5,
      rag_chunk_count: 2,
      rag_latency_secs: 0.25,
      tool_names: "look_up,book",
    },
    {
      ...base,
      turn_index: 3,
      kind: "silence",
      ttfb_secs: null,
      ttf_sentence_secs: 0.75,
      rag_chunk_count: null,
      tool_names: null,
    },
  ]);
});

test("joins a tool call with its result, and writes a row for each that has no counterpart", async () => {
  const transcript = [
    {
      role: "agent",
      tool_calls: [{ request_id: "a", tool_name: "x", params_as_json: '{"q": 1}', tool_has_been_called: true }],
    },
    {
      role: "agent",
      tool_results: [{ request_id: "a", tool_name: "x", result_value: "ok", is_error: false, tool_latency_secs: 1.5 }],
    },
    { role: "agent", tool_calls: [{ request_id: "b", tool_name: "y", params_as_json: { q: 2 } }] },
    {
      role: "agent",
      tool_results: [
        { request_id: "c", tool_name: "z", result_value: { e: 1 }, is_error: true, error_type: "timeout" },
      ],
    },
    {
      role: "agent",
      tool_calls: [{ request_id: "a", tool_name: "x" }],
      tool_results: [{ request_id: "a", result_value: "again" }],
    },
  ];
  expect(await rowsOf(aTranscription({ transcript }), "tool_calls")).toMatchObject([
    {
      request_id: "a",
      turn_index: 0,
      called: true,
      params_json: '{"q": 1}',
      result_json: "ok",
      is_error: false,
      latency_secs: 1.5,
    },
    { request_id: "b", turn_index: 2, params_json: '{"q":2}', result_json: null, is_error: null },
    { request_id: "a", turn_index: 4, result_json: "again" },
    { request_id: "c", turn_index: 3, tool_name: "z", result_json: '{"e":1}', is_error: true, error_type: "timeout" },
  ]);
});

test.each([
  [true, undefined, true],
  [false, true, true],
  [false, undefined, false],
  [undefined, false, false],
  [undefined, undefined, null],
])("a tool was called if its call or its result states it: %s, %s", async (inCall, inResult, called) => {
  const transcript = [
    { role: "agent", tool_calls: [{ request_id: "a", tool_has_been_called: inCall }] },
    { role: "agent", tool_results: [{ request_id: "a", tool_has_been_called: inResult }] },
  ];
  expect(await rowsOf(aTranscription({ transcript }), "tool_calls")).toMatchObject([{ request_id: "a", called }]);
});

test("writes a row for each evaluation and collected value, with its id or else the customer's name", async () => {
  const analysis = {
    evaluation_criteria_results: {
      polite: { criteria_id: "polite", result: "success", rationale: "yes", score: 0.9 },
      solved: { result: "failure" },
      __proto__x: null,
    },
    data_collection_results: {
      name: { data_collection_id: "name", value: "Robin", json_schema: { type: "string" }, rationale: "said so" },
      age: { value: 7, json_schema: { type: "integer" } },
      member: { value: false, json_schema: { type: "boolean" } },
      email: { value: null },
      list: { value: ["a"] },
    },
  };
  const body = aTranscription({ analysis });
  expect(await rowsOf(body, "evaluations")).toMatchObject([
    { criteria_id: "polite", result: "success", rationale: "yes", score: 0.9, agent_id: "agent_1" },
    { criteria_id: "solved", result: "failure", rationale: null },
    { criteria_id: "__proto__x", result: null },
  ]);
  expect(await rowsOf(body, "data_points")).toMatchObject([
    { name: "name", value: "Robin", value_type: "string", rationale: "said so" },
    { name: "age", value: "7", value_type: "integer" },
    { name: "member", value: "false" },
    { name: "email", value: null },
    { name: "list", value: '["a"]' },
  ]);
});

test("writes only the conversation's row for a call without details", async () => {
  const world = aWorld();
  await world.take(bodyOf("post_call_transcription", { conversation_id: "conv_1" }));
  expect([...world.analytics.objects.keys()]).toHaveLength(1);
});

test("an entry that states its index has it, also its tools; any other has its place", async () => {
  const tool_calls = [{ request_id: "a", tool_name: "x" }];
  const indices = [3, "4", -1, 2 ** 31, null, 0.5];
  const transcript = indices.map((turn_index) => ({ role: "agent", turn_index, tool_calls }));
  const world = aWorld();
  await world.take(aTranscription({ transcript }));
  const expected = [3, 1, 2, 3, 4, 5];
  for (const table of ["turns", "tool_calls"])
    expect((await world.rows(table)).map((row) => row["turn_index"])).toEqual(expected);
});

test("the number of retrieved passages is only known if they are listed", async () => {
  const transcript = [{}, { chunks: [] }, { chunks: [{}] }].map((rag_retrieval_info) => ({ rag_retrieval_info }));
  const rows = await rowsOf(aTranscription({ transcript }), "turns");
  expect(rows.map((row) => row["rag_chunk_count"])).toEqual([null, 0, 1]);
});
