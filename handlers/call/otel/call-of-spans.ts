import { at, entries, isObject, list } from "../json.ts";
import { callAnalysis } from "./call-analysis.ts";
import { callAttributes } from "./call-attributes.ts";
import { callMetadata } from "./call-metadata.ts";
import { callSeconds, callStart } from "./call-time.ts";
import { DATA_ATTRIBUTES } from "./known-attributes.ts";
import { spelledValue } from "./literal.ts";
import { type Attributes, below, distinct, tracesIn } from "./spans.ts";
import { picked, stated } from "./stated.ts";
import { transcriptOf } from "./transcript.ts";

/** The whole conversation again, as a JSON text. It is no variable of the customer. */
const HISTORY = "system__conversation_history";

/**
 * The `data` of a `post_call_transcription_otel`, in the form of a `post_call_transcription`: the call that its spans
 * describe. Any other `data` is returned unchanged.
 *
 * What `data` itself states wins, field by field. So the transcript is that of the spans only if there is no other:
 * ElevenLabs' API can add spans to a whole conversation (`format=opentelemetry`, 2026-11), which has more than they.
 *
 * Never throws, whatever the spans contain.
 */
export function callOfSpans(data: unknown): unknown {
  if (!isObject(data) || !hasSpans(data)) return data;
  const { otlp_traces: sent, ...itself } = data;
  const traces = tracesIn(sent);
  const attributes = callAttributes(traces);
  const spans = distinct(traces.spans);
  const start = callStart(spans);
  const transcript = transcriptOf(spans, start);
  const metadata = callMetadata(attributes, { start, seconds: callSeconds(attributes, spans), transcript });
  return {
    ...picked(attributes, DATA_ATTRIBUTES),
    ...stated({
      tag_ids: spelledValue(attributes.get("tag_ids")),
      analysis: callAnalysis(attributes),
      conversation_initiation_client_data: variables(attributes),
    }),
    ...withoutBlanks(itself),
    metadata: { ...metadata, ...withoutBlanks(itself["metadata"]) },
    transcript: list(itself["transcript"]).length > 0 ? itself["transcript"] : transcript,
  };
}

/** Whether `data` describes its call by spans. */
export function hasSpans(data: unknown): boolean {
  return isObject(at(data, "otlp_traces"));
}

function variables(attributes: Attributes): Record<string, unknown> | null {
  const found = below(attributes, "dynamic_variable.").filter(([name]) => name !== HISTORY);
  return found.length === 0 ? null : { dynamic_variables: Object.fromEntries(found) };
}

/** The fields that are neither `null` nor a text without words; none if `fields` is not an object. */
function withoutBlanks(fields: unknown): Record<string, unknown> {
  const isBlank = (value: unknown) => typeof value === "string" && value.trim() === "";
  return stated(Object.fromEntries(entries(fields).filter(([, value]) => !isBlank(value))));
}
