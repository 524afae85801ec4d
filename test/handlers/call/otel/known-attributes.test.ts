import { expect, test } from "vitest";
import { KNOWN_ATTRIBUTES, KNOWN_SPANS } from "../../../../handlers/call/otel/known-attributes.ts";
import { spanOf } from "../../../../handlers/call/otel/spans.ts";
import { spansOfACall } from "../../../support/fixtures/otel.ts";

/** Whether `name` is one of `names`, in which `*` is any text. */
const isOneOf = (names: readonly string[], name: string) =>
  names.some((each) => new RegExp(`^${each.split("*").map(RegExp.escape).join(".+")}$`, "s").test(name));

test("the spans of a call, and their attributes, are known", () => {
  const spans = spansOfACall().map(spanOf);
  const names = spans.flatMap(({ attributes }) => [...attributes.keys()]);
  expect(spans.filter(({ name }) => !isOneOf(KNOWN_SPANS, name))).toEqual([]);
  expect(names.filter((name) => !isOneOf(KNOWN_ATTRIBUTES, name))).toEqual([]);
});

test.each([
  "llm_usage.gemini-2.0-flash.input",
  "dynamic_variable.a.b",
  "metric.convai_tts_service_ttfb_ms",
  "rag.latency_ms",
])("%s is known", (name) => expect(isOneOf(KNOWN_ATTRIBUTES, name)).toBe(true));

test.each(["", "llm_usage.input", "metric.tries", "tool.params.a", "analysis.mood", "guardrail.name"])(
  "%j is not known",
  (name) => expect(isOneOf(KNOWN_ATTRIBUTES, name)).toBe(false),
);

test("no attribute is listed twice", () => {
  expect(new Set(KNOWN_ATTRIBUTES).size).toBe(KNOWN_ATTRIBUTES.length);
});
