import { expect, test } from "vitest";
import { spanOf } from "../../../../handlers/call/otel/spans.ts";
import { toolUse } from "../../../../handlers/call/otel/tool-use.ts";
import { aSpan } from "../../../support/fixtures/otel.ts";

/** The use of the tool `look_up` whose span has these attributes, below `tool.`. */
const useOf = (attributes: Readonly<Record<string, unknown>>, members = {}, id: string | undefined = "s1") => {
  const below = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`tool.${name}`, value]));
  return toolUse(
    spanOf(aSpan("tool.look_up", { ...(id && { id }), attributes: below, members: { status: {}, ...members } })),
    4,
  );
};

test("is a call and its result, with one request id", () => {
  const attributes = {
    name: "find",
    type: "webhook",
    params: '{"a": 1}',
    result: "{'b': 2}",
    latency_ms: 1830,
    status: "success",
  };
  expect(useOf(attributes)).toEqual({
    call: {
      request_id: "s1",
      tool_name: "find",
      type: "webhook",
      params_as_json: '{"a": 1}',
      tool_has_been_called: true,
    },
    result: {
      request_id: "s1",
      tool_name: "find",
      type: "webhook",
      result_value: "{'b': 2}",
      is_error: false,
      tool_latency_secs: 1.83,
    },
  });
});

test("has the name of its span if no other is stated, and an id in any case", () => {
  expect(useOf({ name: " " }).call).toEqual({ request_id: "s1", tool_name: "look_up" });
  expect(useOf({ request_id: "r1" }).call).toMatchObject({ request_id: "r1" });
  expect(toolUse(spanOf(aSpan("tool.a.b")), 4).call).toMatchObject({ request_id: "span 4", tool_name: "a.b" });
});

test.each(["params", "arguments", "parameters", "input", "request", "params_as_json"])(
  "reads the parameters in %s",
  (name) => {
    expect(useOf({ [name]: "{}" }).call).toMatchObject({ params_as_json: "{}" });
  },
);

test.each(["result", "output", "response", "result_value"])("reads the result in %s", (name) => {
  expect(useOf({ [name]: "" }).result).toMatchObject({ result_value: "" });
});

test.each([
  [{ status: "error" }, {}, true],
  [{ status: " FAILED" }, {}, true],
  [{ status: "failure" }, { status: { code: 1 } }, true],
  [{ status: "success" }, { status: { code: 2 } }, true],
  [{}, { status: { code: "STATUS_CODE_ERROR" } }, true],
  [{ is_error: true }, {}, true],
  [{ is_error: "True" }, {}, true],
  [{ status: "ok" }, {}, false],
  [{}, { status: { code: 1 } }, false],
  [{ is_error: false }, {}, false],
  [{ status: "odd", result: "x" }, { status: { code: 0 } }, undefined],
  [{ status: { arrayValue: {} }, result: "x" }, { status: null }, undefined],
])("with %j and the span's %j: is_error %s", (attributes, members, expected) => {
  expect(useOf(attributes, members).result?.["is_error"]).toBe(expected);
});

test("has the message of the span's status as its error message, if it failed", () => {
  expect(useOf({}, { status: { code: 2, message: "no answer" } }).result).toMatchObject({
    raw_error_message: "no answer",
  });
  expect(useOf({}, { status: { code: 1, message: "fine" } }).result).not.toHaveProperty("raw_error_message");
  expect(
    useOf({ error_message: "503", error_type: "http" }, { status: { code: 2, message: "x" } }).result,
  ).toMatchObject({
    raw_error_message: "503",
    error_type: "http",
  });
});

test("states which half was cut at 4 kB", () => {
  const cut = `{"a": "${"x".repeat(4_050)}`;
  expect(useOf({ params: cut, result: "{}" })).toMatchObject({ call: { params_as_json: cut, is_cut: true } });
  expect(useOf({ params: cut, result: "{}" }).result).not.toHaveProperty("is_cut");
  expect(useOf({ params: "{}", result: cut }).result).toMatchObject({ result_value: cut, is_cut: true });
});
