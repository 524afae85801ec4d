import { describe, expect, test } from "vitest";
import { at } from "../../../../handlers/call/json.ts";
import { callOfSpans } from "../../../../handlers/call/otel/call-of-spans.ts";
import { START, transcriptOf } from "../../../support/fixtures/events.ts";
import { aCallSpan, anAgentSpan, aSpan, attributesOf, aUserSpan, otelData } from "../../../support/fixtures/otel.ts";

/** A part of the call that these spans describe. */
const partOf = (spans: readonly unknown[], ...path: readonly string[]) => at(callOfSpans(otelData(spans)), ...path);

/** A part of the call whose own span has these attributes. */
const partWith = (attributes: Readonly<Record<string, unknown>>, ...path: readonly string[]) =>
  partOf([aCallSpan(attributes)], ...path);

test("a call has the fields of its span's attributes, in the form of JSON", () => {
  const attributes = {
    source: "conversation",
    status: "done",
    user_id: "anna",
    environment: "production",
    termination_reason: "end_call tool was called.",
    cost_fiat: 0.12,
    text_only: false,
    tag_ids: "['t1', 't2']",
    "telephony.direction": "inbound",
    "telephony.agent_number": "+12025550199",
    "batch_call.batch_call_id": "b1",
    "analysis.call_successful": "success",
    "analysis.transcript_summary": "A delivery.",
    "analysis.call_summary_title": "Delivery",
    "dynamic_variable.case_id": "CASE-1",
    "dynamic_variable.visits": 3,
    "dynamic_variable.vip": true,
  };
  expect(callOfSpans(otelData([aCallSpan(attributes, { status: { code: 2 } })]))).toEqual({
    agent_id: "agent_1",
    conversation_id: "conv_1",
    status: "done",
    user_id: "anna",
    environment: "production",
    tag_ids: ["t1", "t2"],
    transcript: [],
    metadata: {
      start_time_unix_secs: START,
      call_duration_secs: 40,
      termination_reason: "end_call tool was called.",
      cost_fiat: 0.12,
      text_only: false,
      batch_call: { batch_call_id: "b1" },
      phone_call: { external_number: "+12025550101", direction: "inbound", agent_number: "+12025550199" },
    },
    analysis: { call_successful: "success", transcript_summary: "A delivery.", call_summary_title: "Delivery" },
    conversation_initiation_client_data: { dynamic_variables: { case_id: "CASE-1", visits: 3, vip: true } },
  });
});

test("the history of the conversation is no variable", () => {
  const history = { "dynamic_variable.system__conversation_history": '[{"role": "agent"}]' };
  expect(partWith(history, "conversation_initiation_client_data")).toBeUndefined();
  const variables = partWith({ ...history, "dynamic_variable.a.b": "c" }, "conversation_initiation_client_data");
  expect(variables).toEqual({ dynamic_variables: { "a.b": "c" } });
});

test.each([
  ["a Python dict", `{'data_collection_id': 'order', 'value': 'LS-1', 'rationale': "Said."}`, { value: "LS-1" }],
  ["JSON", '{"data_collection_id": "order", "value": true}', { value: true }],
  ["a dict without a value", "{'data_collection_id': 'order', 'value': None}", { value: null }],
  ["a large integer", "{'value': 12345678901234567890}", { value: "12345678901234567890" }],
  [
    "a map",
    { kvlistValue: { values: attributesOf({ value: 7 }).map((each) => ({ ...each, key: "value" })) } },
    { value: 7 },
  ],
  ["no literal", "<Result LS-1>", { data_collection_id: "order", value: "<Result LS-1>" }],
  ["a number", "0042", { data_collection_id: "order", value: "0042" }],
  ["None", "None", { data_collection_id: "order", value: null }],
  ["a dict that is the value", "{'street': 'Main'}", { data_collection_id: "order", value: { street: "Main" } }],
  ["a list that is the value", "['a']", { data_collection_id: "order", value: ["a"] }],
])("a collected value may be %s", (_, sent, expected) => {
  const results = partWith({ "analysis.data_collection_results.order": sent }, "analysis", "data_collection_results");
  expect(results).toMatchObject({ order: expected });
});

test("evaluations are read like collected values, and an id may contain dots", () => {
  const attributes = {
    "analysis.evaluation_criteria_results.a.b": "{'criteria_id': 'a.b', 'result': 'success', 'rationale': 'x'}",
    "analysis.evaluation_criteria_results.c": "failure",
  };
  expect(partWith(attributes, "analysis", "evaluation_criteria_results")).toEqual({
    "a.b": { criteria_id: "a.b", result: "success", rationale: "x" },
    c: { criteria_id: "c", result: "failure" },
  });
});

test("the usage of all turns together is what was used", () => {
  const turn = (index: number, tokens: number) =>
    anAgentSpan(index, "a", {
      attributes: {
        "llm_usage.m.input": `{'tokens': ${tokens}, 'price': ${tokens / 8}}`,
        "llm_usage.m.output_total": "{'tokens': 1}",
        "llm_usage.n.input": "{}",
      },
    });
  const usage = partOf([aCallSpan(), turn(0, 8), turn(1, 16)], "metadata", "charging", "llm_usage");
  const m = { input: { tokens: 24, price: 3 }, output_total: { tokens: 2 } };
  expect(usage).toEqual({ irreversible_generation: { model_usage: { m, n: { input: {} } } } });
});

describe("the caller", () => {
  const number = (...spans: readonly unknown[]) => partOf(spans, "metadata", "phone_call", "external_number");
  const withNumber = (sent: unknown) => aUserSpan(0, "a", { attributes: { "telephony.external_number": sent } });

  test("is that of the call's span, else of any other", () => {
    expect(number(withNumber("+12025550102"), aCallSpan())).toBe("+12025550101");
    const callWithout = aSpan("conversation");
    expect(number(callWithout, aUserSpan(1, "b"), withNumber("+12025550102"))).toBe("+12025550102");
    expect(number(aCallSpan({ "telephony.external_number": " " }), withNumber("+12025550102"))).toBe("+12025550102");
    expect(number(aCallSpan({ "telephony.external_number": "" }))).toBe("");
  });

  test("is not on a phone if no span has an attribute of telephony", () => {
    expect(partOf([aSpan("conversation"), aUserSpan(0, "a")], "metadata", "phone_call")).toBeNull();
  });
});

describe("without the span of the call", () => {
  const turns = [anAgentSpan(0, "a", { start: 3 }), aUserSpan(1, "b", { start: 5, end: 8 })];

  test("the call lasts from its first to its last span", () => {
    expect(partOf(turns, "metadata")).toMatchObject({ start_time_unix_secs: START + 3, call_duration_secs: 5 });
    expect(partOf(turns, "transcript")).toMatchObject([{ time_in_call_secs: 0 }, { time_in_call_secs: 2 }]);
  });

  test("its attributes are those of a span that is neither a turn nor a tool, else of the resource", () => {
    const other = aSpan("call", { start: 4, attributes: { "analysis.transcript_summary": "x" } });
    expect(partOf([...turns, other], "analysis")).toEqual({ transcript_summary: "x" });
    expect(partOf([...turns, other], "metadata", "start_time_unix_secs")).toBe(START + 3);
    const resource = { attributes: attributesOf({ user_id: "anna", environment: "staging" }) };
    const otlp_traces = { resourceSpans: [{ scopeSpans: [{ spans: turns }] }, { resource }] };
    expect(callOfSpans(otelData([], { otlp_traces }))).toMatchObject({ user_id: "anna", environment: "staging" });
  });

  test("and without times there is neither a start nor a length", () => {
    const metadata = partOf(
      [aUserSpan(0, "a", { members: { startTimeUnixNano: 0, endTimeUnixNano: "x" } })],
      "metadata",
    );
    expect(metadata).toEqual({ phone_call: null });
  });
});

test.each([
  ["47250", 47.25],
  [{ doubleValue: 47_250.5 }, 47.2505],
  [{ intValue: "-1" }, 40],
  ["long", 40],
  [{}, 40],
])("the length is the stated one, or that of the call's span: %j", (sent, expected) => {
  expect(partWith({ "session.duration_ms": sent }, "metadata", "call_duration_secs")).toBe(expected);
});

test("a call that ends before it begins has no length", () => {
  const span = aSpan("conversation", { start: 5, end: 4 });
  expect(partOf([span], "metadata", "call_duration_secs")).toBeUndefined();
});

test("an attribute may be there twice, or without its prefix; ElevenLabs' own and the first one win", () => {
  const plain = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const attributes = [
    plain("status", "x"),
    ...attributesOf({ status: {} }),
    ...attributesOf({ status: "done" }),
    ...attributesOf({ status: "failed" }),
    plain("user_id", "anna"),
  ];
  expect(partOf([aSpan("conversation", { members: { attributes } })])).toMatchObject({
    status: "done",
    user_id: "anna",
  });
});

test("what data itself states wins, except empty fields", () => {
  const spans = [aCallSpan({ status: "failed", user_id: "anna", termination_reason: "x" }), aUserSpan(0, "a")];
  const data = { status: "done", user_id: "", agent_name: null, metadata: { call_duration_secs: 7, phone_call: null } };
  const call = callOfSpans(otelData(spans, { ...data, transcript: [] }));
  expect(call).toMatchObject({ status: "done", user_id: "anna", transcript: [{ message: "a" }] });
  expect(at(call, "metadata")).toMatchObject({
    call_duration_secs: 7,
    termination_reason: "x",
    phone_call: { external_number: "+12025550101" },
  });
});

test("a whole conversation with spans, as the API returns it, keeps its transcript", () => {
  const transcript = transcriptOf("a", "b");
  expect(callOfSpans(otelData([aCallSpan(), aUserSpan(0, "x")], { transcript }))).toMatchObject({ transcript });
});

test.each([undefined, null, 7, "x", [], {}, { otlp_traces: null }, { otlp_traces: [] }, { transcript: [] }])(
  "data without spans is returned unchanged: %j",
  (data) => {
    expect(callOfSpans(data)).toBe(data);
  },
);
