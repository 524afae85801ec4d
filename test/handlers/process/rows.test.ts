import { describe, expect, test } from "vitest";
import { TABLES } from "../../../queries/tables/all.ts";
import { aTranscription, bodyOf, metadataWith, START, said } from "../../fixtures/events.ts";
import { aWorld, RECEIVED } from "../../fixtures/world.ts";

async function rowsOf(body: Buffer, table: string) {
  const world = aWorld();
  await world.take(body);
  return world.rows(table);
}
const conversationOf = async (body: Buffer) => (await rowsOf(body, "conversations"))[0] ?? {};

describe("a conversation's row", () => {
  test("holds what the payload says of the call", async () => {
    const tokens = (price: number) => ({ input: { tokens: 10, price }, output_total: { tokens: 1, price: 0.25 } });
    const body = aTranscription({
      agent_name: "Front desk",
      branch_id: "br_1",
      version_id: "v_1",
      user_id: "anna",
      has_audio: true,
      transcript: [
        { role: "agent", message: "Hello", interrupted: true },
        { role: "user", message: "..." },
        { role: "user", message: "Hi" },
        { role: "agent", message: null, tool_calls: [{ request_id: "r", tool_name: "t" }] },
        { role: "agent", message: null, tool_results: [{ request_id: "r", is_error: true }] },
      ],
      metadata: metadataWith({
        accepted_time_unix_secs: START + 2,
        cost: 296,
        cost_fiat: 0.12,
        termination_reason: "client ended call",
        error: { code: 1002, reason: "x" },
        main_language: "en",
        text_only: false,
        feedback: { rating: 4, comment: "fine" },
        charging: {
          llm_price: 0.01,
          llm_usage: {
            initiated_generation: { model_usage: { a: tokens(0.5), b: tokens(1) } },
            irreversible_generation: { model_usage: { a: tokens(0.5) } },
          },
        },
      }),
      analysis: {
        call_successful: "failure",
        call_success_score: 0.5,
        call_summary_title: "Refund",
        transcript_summary: "A refund.",
      },
    });
    expect(await conversationOf(body)).toMatchObject({
      conversation_id: "conv_1",
      agent_id: "agent_1",
      agent_name: "Front desk",
      branch_id: "br_1",
      version_id: "v_1",
      user_id: "anna",
      caller: "12025550101",
      direction: "inbound",
      channel: "phone",
      agent_number: "+12025550199",
      status: "done",
      started_at: new Date(START * 1000),
      duration_secs: 40,
      queue_wait_secs: 2,
      cost_credits: 296,
      cost_usd: 0.12,
      llm_price_usd: 0.01,
      llm_initiated_usd: 2,
      llm_used_usd: 0.75,
      termination_reason: "client ended call",
      error_code: "1002",
      main_language: "en",
      text_only: false,
      call_successful: "failure",
      success_score: 0.5,
      title: "Refund",
      summary: "A refund.",
      rating: 4,
      feedback_comment: "fine",
      turn_count: 5,
      user_turn_count: 2,
      agent_turn_count: 3,
      tool_call_count: 1,
      tool_error_count: 1,
      interrupted_count: 1,
      first_user_message: "...",
      has_audio: true,
      event_at: new Date((START + 60) * 1000),
      received_at: new Date(RECEIVED),
      source: "webhook",
      raw_key: "12025550101/conv_1.json",
      raw_bytes: BigInt(body.length),
      processor_version: "1",
    });
  });

  test.each([
    ["phone", { phone_call: { type: "twilio", external_number: "+12025550101" } }],
    ["sip", { phone_call: { type: "sip_trunk", external_number: "1001" } }],
    ["whatsapp", { phone_call: null, whatsapp: { whatsapp_user_id: "447700900123" } }],
    ["sms", { phone_call: null, sms: { sms_user_phone_number: "+447700900123" } }],
    ["web", { phone_call: null, whatsapp: null }],
  ])("names the channel: %s", async (channel, changes) => {
    expect(await conversationOf(aTranscription({ metadata: metadataWith(changes) }))).toMatchObject({ channel });
  });
});

describe("the day of a call", () => {
  const RECEIVED_DAY = RECEIVED.slice(0, 10);
  const DAY = 86_400;
  const received = Date.parse(RECEIVED) / 1000;
  const dayWith = async (start: unknown, event_timestamp: unknown) => {
    const world = aWorld();
    const metadata = metadataWith({ start_time_unix_secs: start });
    await world.take(aTranscription({ metadata }, { event_timestamp }));
    return [...world.analytics.objects.keys()][0]?.match(/dt=([\d-]+)/)?.[1];
  };

  test.each([
    ["its start", START - 2 * DAY, START, "2026-11-18"],
    ["its start as text", String(START - 2 * DAY), START, "2026-11-18"],
    ["the event when there is no start", null, START - DAY, "2026-11-19"],
    ["its receipt when there is neither", undefined, undefined, RECEIVED_DAY],
    ["the last second of a UTC day", Date.UTC(2025, 11, 31, 23, 59, 59) / 1000, START, "2025-12-31"],
    ["the first second of the tables", Date.UTC(2023, 0, 1) / 1000, START, "2023-01-01"],
    ["the next when the start is before the tables", Date.UTC(2022, 11, 31, 23, 59, 59) / 1000, START, "2026-11-20"],
    ["a start a day ahead", received + DAY, START, "2026-11-21"],
    ["the next when the start is further ahead", received + DAY + 1, START, "2026-11-20"],
    ["its receipt when nothing is to be believed", 0, 9e15, RECEIVED_DAY],
  ])("is that of %s", async (_, start, event, day) => {
    expect(await dayWith(start, event)).toBe(day);
  });
});

test("one row stands for each transcript entry", async () => {
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
    { ...base, turn_index: 0, role: "agent", message: "Hel", original_message: "Hello", interrupted: true },
    { ...base, turn_index: 1, message: "Hi 🙂", source_medium: "audio", feedback: "like", time_in_call_secs: 3 },
    {
      ...base,
      agent_id: "agent_2",
      workflow_node_id: "node_1",
      message: null,
      llm_model: "model-a,model-b",
      ttfb_secs: 0.5,
      rag_chunk_count: 2,
      rag_latency_secs: 0.25,
      tool_names: "look_up,book",
    },
    { ...base, turn_index: 3, ttfb_secs: null, ttf_sentence_secs: 0.75, rag_chunk_count: null, tool_names: null },
  ]);
});

test("a tool call is joined with its result, and neither is dropped without the other", async () => {
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

test("evaluations and collected values have a row each, by their own ids or the customer's names", async () => {
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

test("no row is made of nothing", async () => {
  const world = aWorld();
  await world.take(bodyOf("post_call_transcription", { conversation_id: "conv_1" }));
  expect([...world.analytics.objects.keys()]).toHaveLength(1);
});

describe("odd payloads", () => {
  const ODD = [
    null,
    undefined,
    0,
    -1.5,
    1e300,
    "",
    "12",
    "true",
    true,
    [],
    [null],
    {},
    { a: 1 },
    "\ud800",
    "é🙂\u0000",
  ];
  const FIELDS = ["agent_id", "status", "user_id", "transcript", "metadata", "analysis", "has_audio", "version_id"];

  test.each(FIELDS)("give rows whatever stands in data.%s", async (field) => {
    for (const odd of ODD) expect(await conversationOf(aTranscription({ [field]: odd }))).toHaveProperty("raw_key");
  });

  test("give rows whatever stands in each field of metadata, a turn and the analysis", async () => {
    for (const odd of ODD) {
      const metadata = {
        start_time_unix_secs: odd,
        call_duration_secs: odd,
        cost: odd,
        feedback: odd,
        charging: odd,
        error: odd,
      };
      const more = { phone_call: odd, whatsapp: odd, sms: odd, text_only: odd, main_language: odd };
      const turn = { role: odd, message: odd, tool_calls: odd, tool_results: odd, llm_usage: odd, interrupted: odd };
      const numbers = {
        time_in_call_secs: odd,
        conversation_turn_metrics: odd,
        rag_retrieval_info: odd,
        feedback: odd,
      };
      const analysis = { evaluation_criteria_results: odd, data_collection_results: odd, call_success_score: odd };
      const transcript = [{ ...turn, ...numbers }, odd, { tool_calls: [odd], tool_results: [odd] }];
      const world = aWorld();
      await world.take(aTranscription({ metadata: { ...metadata, ...more }, transcript, analysis }));
      for (const { name } of TABLES) await world.rows(name);
      expect(await world.rows("turns")).toHaveLength(3);
    }
  });

  test("read a number that was sent as text, and a text that was sent as a number", async () => {
    const metadata = metadataWith({ call_duration_secs: "22", cost: "296.5", termination_reason: 7 });
    expect(await conversationOf(aTranscription({ metadata, version_id: 3 }))).toMatchObject({
      duration_secs: 22,
      cost_credits: 296.5,
      termination_reason: "7",
      version_id: "3",
    });
  });

  test("count twenty thousand turns", async () => {
    const transcript = said(...Array.from({ length: 20_000 }, (_, n) => `turn ${n}`));
    expect(await rowsOf(aTranscription({ transcript }), "turns")).toHaveLength(20_000);
  });
});
