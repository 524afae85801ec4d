import { describe, expect, test } from "vitest";
import { toolCallRows } from "../../../../handlers/call/rows/tool-call-rows.ts";
import { aTranscription } from "../../../support/fixtures/events.ts";
import { knownEvent } from "../../../support/fixtures/known-event.ts";
import { conversationOf, rowsOf } from "../../../support/fixtures/world.ts";

/** The rows of a call whose entries have these tool calls and results. */
function rowsFor(...entries: unknown[]) {
  return toolCallRows(knownEvent(aTranscription({ transcript: entries })));
}

/** A tool call and its result, as two entries. */
function tool(call: object, result: object) {
  return [
    { role: "agent", tool_calls: [{ request_id: "r1", ...call }] },
    { role: "agent", tool_results: [{ request_id: "r1", ...result }] },
  ];
}

describe("the tools of a workflow", () => {
  const STEPS = [
    { type: "edge", edge_id: "edge_1", target_node_id: "node_find", step_latency_secs: 0.1 },
    {
      type: "nested_tools",
      node_id: "node_find",
      step_latency_secs: 2,
      is_successful: false,
      requests: [
        { type: "webhook", request_id: "n1", tool_name: "find_booking", params_as_json: '{"ref": "K7"}' },
        { type: "mcp", request_id: "n2", tool_name: "list_slots", tool_has_been_called: false },
      ],
      results: [
        {
          ...{ type: "webhook", request_id: "n1", tool_name: "find_booking", result_value: "HTTP 502", is_error: true },
          ...{ error_type: "bad_gateway", raw_error_message: "upstream closed", tool_latency_secs: 1.75 },
          tool_has_been_called: true,
        },
        { type: "client", request_id: "n3", tool_name: "show_map", result_value: "shown", is_error: false },
      ],
    },
  ];
  const CALL = { type: "workflow", tool_name: "rebook" };
  const NESTED = { parent_request_id: "r1", workflow_node_id: "node_find", turn_index: 1, time_in_call_secs: 8 };
  const EXPECTED = [
    { request_id: "r1", parent_request_id: null, workflow_node_id: null, tool_type: "workflow", is_error: false },
    {
      ...{ ...NESTED, request_id: "n1", tool_name: "find_booking", tool_type: "webhook", called: true },
      ...{ params_json: '{"ref": "K7"}', result_json: "HTTP 502", is_error: true, error_type: "bad_gateway" },
      ...{ error_message: "upstream closed", latency_secs: 1.75, agent_id: "agent_2", result_type: null },
    },
    { ...NESTED, request_id: "n2", tool_name: "list_slots", called: false, is_error: null, latency_secs: null },
    { ...NESTED, request_id: "n3", tool_name: "show_map", tool_type: "client", is_error: false },
  ];

  /** The workflow's result, in one of the places where it may be. */
  const PLACES = {
    result: { result_value: "done", result: { steps: STEPS } },
    result_value: { result_value: JSON.stringify({ steps: STEPS }) },
    both: { result_value: JSON.stringify({ steps: STEPS }), result: { steps: STEPS } },
    "result_value, with an empty result": { result_value: JSON.stringify({ steps: STEPS }), result: { steps: [] } },
    "result_value, as an object": { result_value: { steps: STEPS }, result: null },
    "result, as text": { result_value: "", result: JSON.stringify({ steps: STEPS }) },
  };

  test.each(Object.entries(PLACES))("have rows, once, if they are in %s", (_, result) => {
    const [call, ended] = tool(CALL, { ...CALL, ...result, is_error: false });
    const placed = { ...call, time_in_call_secs: 8, agent_metadata: { agent_id: "agent_2" } };
    expect(rowsFor({ role: "user" }, placed, ended)).toMatchObject(EXPECTED);
  });

  test("are counted in the call's row, with their errors", async () => {
    const body = aTranscription({ transcript: tool(CALL, { ...PLACES.both, is_error: false }) });
    expect(await conversationOf(body)).toMatchObject({ tool_call_count: 4, tool_error_count: 1 });
    expect(await rowsOf(body, "tool_calls")).toHaveLength(4);
  });

  test("belong to the innermost workflow", () => {
    const step = (node_id: string, id: string, result: object) => ({
      ...{ type: "nested_tools", node_id, requests: [{ request_id: id, type: "workflow" }] },
      results: [{ request_id: id, type: "workflow", ...result }],
    });
    const innermost = { result: { steps: [step("c", "n3", {}), step("d", "n4", {})] } };
    const steps = [step("a", "n1", {}), step("b", "n2", innermost)];
    const rows = rowsFor(...tool(CALL, { result: { steps } }), { tool_calls: [{ request_id: "r2" }] });
    expect(rows.map((row) => [row.request_id, row.parent_request_id, row.workflow_node_id])).toEqual([
      ["r1", null, null],
      ["n1", "r1", "a"],
      ["n2", "r1", "b"],
      ["n3", "n2", "c"],
      ["n4", "n2", "d"],
      ["r2", null, null],
    ]);
  });

  test("are paired within their step, and repeated ids in order", () => {
    const requests = [{ request_id: "n" }, { request_id: "n" }, { request_id: null }, {}];
    const results = (value: string) => [
      { request_id: "n", result_value: value },
      { request_id: null, result_value: "?" },
    ];
    const steps = [
      { node_id: "a", requests, results: results("1") },
      { node_id: "b", requests, results: [...results("2"), ...results("3"), ...results("4")] },
    ];
    const rows = rowsFor(...tool(CALL, { result: { steps } })).slice(1);
    expect(rows.map((row) => [row.workflow_node_id, row.request_id, row.result_json])).toEqual([
      ...[
        ["a", "n", "1"],
        ["a", "n", null],
        ["a", null, null],
        ["a", null, null],
        ["a", null, "?"],
      ],
      ...[
        ["b", "n", "2"],
        ["b", "n", "3"],
        ["b", null, null],
        ["b", null, null],
      ],
      ...[
        ["b", null, "?"],
        ["b", null, "?"],
        ["b", "n", "4"],
        ["b", null, "?"],
      ],
    ]);
  });

  test("are not read from the text that a customer's own tool returns", () => {
    const result_value = JSON.stringify({ steps: STEPS });
    for (const type of ["webhook", "client", "mcp", "code", "api_integration_webhook"]) {
      expect(rowsFor(...tool({ type }, { result_value }))).toMatchObject([
        { request_id: "r1", result_json: result_value },
      ]);
    }
  });

  test("do not make their workflow an error, but too many iterations do", () => {
    const exceeded = { type: "max_iterations_exceeded", step_latency_secs: 0, max_iterations: 10 };
    const rows = rowsFor(...tool(CALL, { is_error: false, result: { steps: [...STEPS, exceeded] } }));
    expect(rows.map(({ is_error }) => is_error)).toEqual([true, true, null, false]);
    expect(rows[0]).toMatchObject({ error_type: "max_iterations_exceeded" });
  });

  test("are not repeated in the result of their workflow", () => {
    const [row] = rowsFor(...tool(CALL, { result_value: "", result: { steps: [...STEPS, null, 1] } }));
    const { requests: _, results: __, ...step } = STEPS[1] ?? {};
    expect(JSON.parse(row?.result_json ?? "")).toEqual({ steps: [STEPS[0], step, null, 1] });
  });

  test.each([null, 1, "", "x", "{", "null", [], {}, { steps: null }, { steps: {} }, { steps: [null, 1, "x", [], {}] }])(
    "are none in %j",
    (odd) => {
      expect(rowsFor(...tool(CALL, { result: odd, result_value: odd }))).toHaveLength(1);
      const steps = [{ requests: odd, results: odd, node_id: odd }];
      expect(rowsFor(...tool(CALL, { result: { steps } }))).toHaveLength(1);
    },
  );
});

describe("workflows in workflows", () => {
  const LEVELS = 2_000;

  test.each([
    ["result", '"result_value": "", "result": {"steps": [', "]}"],
    ["result_value", '"result_value": {"steps": [', "]}"],
  ])("have all of their rows, however deep they are, in %s", (_, before, after) => {
    // As text, because this is nested too deep for JSON.stringify.
    const opened = Array.from({ length: LEVELS }, (_, n) => `{"request_id": "n${n}", ${before}{"results": [`);
    const nested = `${opened.join("")}{"request_id": "last"}${`]}${after}}`.repeat(LEVELS)}`;
    const body = aTranscription({ transcript: [{ tool_results: ["here"] }] }).toString();
    const rows = toolCallRows(knownEvent(Buffer.from(body.replace('"here"', nested))));
    expect(rows).toHaveLength(LEVELS + 1);
    expect(rows.at(-1)).toMatchObject({ request_id: "last", parent_request_id: `n${LEVELS - 1}` });
    const texts = rows.reduce((sum, { result_json }) => sum + (result_json?.length ?? 0), 0);
    expect(texts).toBeLessThan(20 * LEVELS);
  });

  test("have all of their rows if each is a text in a text", () => {
    let result = { request_id: "n0", result_value: "found" };
    for (let n = 1; n <= 10; n++)
      result = { request_id: `n${n}`, result_value: JSON.stringify({ steps: [{ results: [result] }] }) };
    const ids = rowsFor({ tool_results: [result] }).map((row) => row.request_id);
    expect(ids).toEqual(["n10", "n9", "n8", "n7", "n6", "n5", "n4", "n3", "n2", "n1", "n0"]);
  });
});

describe("the outcome of a tool", () => {
  const RESULT_TYPES = [
    ...["transfer_to_number_twilio_success", "transfer_to_number_sip_success", "transfer_to_number_exotel_success"],
    ...["transfer_to_number_amazon_connect_success", "transfer_to_agent_success", "end_call_success"],
    ...["voicemail_detection_success", "transfer_to_number_error", "transfer_to_agent_error", "play_dtmf_error"],
  ];

  test.each(RESULT_TYPES)("is read from `result` and from `result_value`: %s", (result_type) => {
    const is_error = result_type.endsWith("_error");
    const outcome = { result_type, status: is_error ? "error" : "success" };
    const type = "system";
    for (const result of [
      { result: outcome, result_value: "" },
      { result: { result_type }, result_value: "1" },
      { result: outcome, result_value: '{"transfer_number": "+15550400009"}' },
      { result: null, result_value: JSON.stringify(outcome) },
      { result: {}, result_value: JSON.stringify(outcome), is_error: false },
      { result_value: { result_type } },
    ]) {
      expect(rowsFor(...tool({ type }, result))).toMatchObject([{ result_type, is_error }]);
      expect(rowsFor(...tool({}, result))).toMatchObject([{ result_type, is_error }]);
    }
  });

  test("is not read from the text that a customer's own tool returns", () => {
    for (const result_value of [
      '{"result_type": "transfer_to_number_error", "status": "error"}',
      '"result_type": "x"',
    ]) {
      const row = { result_type: null, is_error: null, result_json: result_value };
      expect(rowsFor(...tool({ type: "webhook" }, { result_value }))).toMatchObject([row]);
    }
    const result_value = '{"status": "error", "rows": [{"result_type": "transfer_to_number_error"}]}';
    expect(rowsFor(...tool({}, { result_value }))).toMatchObject([{ result_type: null, is_error: null }]);
  });

  test.each([
    [true, "success", "x_success", true],
    [false, "error", undefined, true],
    [false, undefined, "x_error", true],
    [undefined, "error", undefined, true],
    [undefined, "success", undefined, false],
    [undefined, undefined, "x_success", false],
    [false, undefined, undefined, false],
    [undefined, undefined, "dummy", null],
    [undefined, undefined, undefined, null],
    ["true", 1, {}, true],
  ])(
    "is an error if one of three states it: is_error %s, status %s, type %s",
    (stated, status, result_type, is_error) => {
      const result = { is_error: stated, result: { status, result_type } };
      expect(rowsFor(...tool({ type: "system" }, result))).toMatchObject([{ is_error }]);
    },
  );

  test("keeps the error message of the tool, or else that of ElevenLabs", () => {
    const failed = { result_type: "transfer_to_number_error", status: "error", error: "busy" };
    const message = (result: object) => rowsFor(...tool({ type: "system" }, result))[0]?.error_message;
    expect(message({ raw_error_message: "timed out", result: failed })).toBe("timed out");
    expect(message({ raw_error_message: "", result: failed })).toBe("busy");
    expect(message({ result: { result_type: "start_procedure_error", message: "unknown" } })).toBe("unknown");
    expect(message({ result: { result_type: "end_call_success", message: "Goodbye" } })).toBeNull();
  });

  test.each([
    ["moved", { a: 1 }, "moved"],
    ['{"b": 2}', { a: 1 }, '{"b": 2}'],
    ["0 left", { a: 1 }, "0 left"],
    ["", { a: 1 }, '{"a":1}'],
    [" ", { a: 1 }, '{"a":1}'],
    [null, { a: 1 }, '{"a":1}'],
    ["null", { a: 1 }, '{"a":1}'],
    ["{}", { a: 1 }, '{"a":1}'],
    ["12.5", { a: 1 }, '{"a":1}'],
    [7, { a: 1 }, '{"a":1}'],
    ["12.5", null, "12.5"],
    ["12.5", {}, "12.5"],
    ["", [], ""],
    [undefined, "kept", "kept"],
    [undefined, undefined, null],
  ])("is kept in result_json: %j and %j", (result_value, result, result_json) => {
    expect(rowsFor(...tool({ type: "system" }, { result_value, result }))).toMatchObject([{ result_json }]);
  });
});

test("the name and the type are those of the call, or else those of the result", () => {
  const result = { tool_name: "book", type: "system" };
  expect(rowsFor(...tool({}, result))).toMatchObject([{ tool_name: "book", tool_type: "system" }]);
  const call = { tool_name: "move", type: "mcp" };
  expect(rowsFor(...tool(call, result))).toMatchObject([{ tool_name: "move", tool_type: "mcp" }]);
  expect(rowsFor(...tool({ tool_name: "", type: null }, result))).toMatchObject([{ tool_name: "book" }]);
});

test("the type of the result decides how it is read", () => {
  const result_value = JSON.stringify({ steps: [{ requests: [{ request_id: "n1" }] }] });
  expect(rowsFor(...tool({ type: "system" }, { type: "workflow", result_value }))).toHaveLength(2);
  expect(rowsFor(...tool({ type: "workflow" }, { type: "webhook", result_value }))).toHaveLength(1);
});

test("a latency is not negative, and a time is kept as stated", () => {
  const [call, result] = tool({}, { tool_latency_secs: -0.5 });
  expect(rowsFor({ ...call, time_in_call_secs: -3 }, { ...result, time_in_call_secs: -9 })).toMatchObject([
    { latency_secs: null, time_in_call_secs: -3 },
  ]);
  expect(rowsFor(...tool({}, { tool_latency_secs: 0 }))).toMatchObject([{ latency_secs: 0 }]);
});

test("a row states that its parameters or its result were cut", () => {
  expect(rowsFor(...tool({ is_cut: true }, {}))).toMatchObject([{ is_cut: true }]);
  expect(rowsFor(...tool({ is_cut: false }, { is_cut: true }))).toMatchObject([{ is_cut: true }]);
  expect(rowsFor(...tool({ is_cut: false }, {}))).toMatchObject([{ is_cut: false }]);
  expect(rowsFor(...tool({}, {}))).toMatchObject([{ is_cut: null }]);
});
