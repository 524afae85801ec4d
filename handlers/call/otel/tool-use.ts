import { boolean, number, text, words } from "../json.ts";
import { isCut } from "./cut-text.ts";
import { PARAMETERS_ATTRIBUTES, RESULT_ATTRIBUTES } from "./known-attributes.ts";
import { spelledValue } from "./literal.ts";
import type { Attributes, Span } from "./spans.ts";
import { stated } from "./stated.ts";

/** The two halves of the use of a tool, as in a transcript. */
export interface ToolUse {
  readonly call: Record<string, unknown>;
  /** Absent if nothing states how it ended. */
  readonly result?: Record<string, unknown>;
}

const FAILED = /^(error|errored|failure|failed|timeout|timed_out)$/i;
const SUCCEEDED = /^(success|successful|succeeded|ok|done|completed)$/i;

/** The use of a tool that a span describes. `place` makes an id for a span without one. */
export function toolUse(span: Span, place: number): ToolUse {
  const attribute = (name: string) => span.attributes.get(`tool.${name}`);
  const params = firstOf(span.attributes, PARAMETERS_ATTRIBUTES);
  const result = firstOf(span.attributes, RESULT_ATTRIBUTES);
  const latencyMs = number(attribute("latency_ms"));
  const isError = hasFailed(span);
  const both = {
    request_id: words(attribute("request_id")) ?? span.id ?? `span ${place}`,
    tool_name: words(attribute("name")) ?? words(span.name.slice("tool.".length)),
    type: attribute("type"),
  };
  const ended = stated({
    result_value: result,
    is_error: isError,
    error_type: attribute("error_type"),
    raw_error_message: attribute("error_message") ?? (isError ? words(span.statusMessage) : null),
    tool_latency_secs: latencyMs === null ? null : latencyMs / 1000,
    is_cut: isCut(result) ? true : null,
  });
  const hasEnded = Object.keys(ended).length > 0;
  const isCalled = hasEnded ? true : null;
  const call = { ...both, params_as_json: params, tool_has_been_called: isCalled, is_cut: isCut(params) ? true : null };
  return { call: stated(call), ...(hasEnded && { result: { ...stated(both), ...ended } }) };
}

/** Whether the tool failed, if the span states it. One failure among several statements is a failure. */
function hasFailed({ attributes, status }: Span): boolean | null {
  const tool = text(attributes.get("tool.status"))?.trim() ?? "";
  const isError = boolean(spelledValue(attributes.get("tool.is_error")));
  if (isError === true || FAILED.test(tool) || status === "error") return true;
  return isError === false || SUCCEEDED.test(tool) || status === "ok" ? false : null;
}

function firstOf(attributes: Attributes, names: readonly string[]): unknown {
  return names.map((name) => attributes.get(`tool.${name}`)).find((each) => each !== undefined);
}
