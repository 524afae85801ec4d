import { describe, expect, test } from "vitest";
import { readEnvelope, readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { aFailure, anAudio, aTranscription, bodyOf } from "../../support/fixtures/events.ts";
import { aCallSpan, anOtelCall, aSpan, aUserSpan } from "../../support/fixtures/otel.ts";

test.each([
  ["transcription", aTranscription()],
  ["audio", anAudio()],
  ["failure", aFailure()],
])("reads a %s event", (kind, body) => {
  expect(readEvent(body)).toMatchObject({ kind, conversationId: "conv_1" });
});

test.each([
  ["an empty body", "", "not-json", "the body is not JSON"],
  ["half of a body", '{"type": "post_call_tr', "not-json", "the body is not JSON"],
  ["JSON nested too deep", "[".repeat(100_000), "not-json", "the body is not JSON"],
  ["null", "null", "untyped", "the body has no type"],
  ["a number", "7", "untyped", "the body has no type"],
  ["an array", "[1]", "untyped", "the body has no type"],
  ["an object without a type", '{"data": {}}', "untyped", "the body has no type"],
  ["a type that is not a text", '{"type": {"x": 1}}', "untyped", "the body has no type"],
  ["an empty type", '{"type": " "}', "untyped", "the body has no type"],
  ["a type that is a number", '{"type": 7}', "7", "the type is not known to this version"],
  ["an unknown type", '{"type": "x"}', "x", "the type is not known to this version"],
  ["no data", '{"type": "post_call_audio"}', "post_call_audio", "data.conversation_id is missing"],
  [
    "data that is an array",
    '{"type": "post_call_audio", "data": []}',
    "post_call_audio",
    "data.conversation_id is missing",
  ],
  [
    "an id that is null",
    '{"type": "post_call_audio", "data": {"conversation_id": null}}',
    "post_call_audio",
    "data.conversation_id is missing",
  ],
])("%s is unrouted, with the reason", (_, body, type, reason) => {
  expect(readEvent(Buffer.from(body))).toEqual({ kind: "unrouted", type, conversationId: null, reason });
});

test("an event of an unknown type keeps its conversation id", () => {
  expect(readEvent(bodyOf("x", { conversation_id: "conv_1" }))).toMatchObject({
    kind: "unrouted",
    conversationId: "conv_1",
  });
});

test("ignores a BOM before the body", () => {
  expect(readEvent(Buffer.from(`\ufeff${aTranscription()}`))).toMatchObject({ kind: "transcription" });
});

test("a numeric id becomes its text", () => {
  expect(readEvent(aTranscription({ conversation_id: 42 }))).toMatchObject({
    kind: "transcription",
    conversationId: "42",
  });
});

test.each([
  ["transcription", aTranscription()],
  ["audio", anAudio()],
  ["failure", aFailure()],
])("a %s without its type, or as bare data, is read as with its type", (kind, body) => {
  const { type, ...envelope } = JSON.parse(body.toString());
  const typed = readEvent(body);
  const untyped = readEvent(Buffer.from(JSON.stringify(envelope)));
  const bare = readEvent(Buffer.from(JSON.stringify(envelope.data)));
  const ofNull = readEvent(Buffer.from(JSON.stringify({ type: null, ...envelope })));
  for (const event of [untyped, bare, ofNull]) expect(event).toMatchObject({ kind, type, conversationId: "conv_1" });
  expect(untyped).toEqual(typed);
  if (typed.kind === "unrouted" || bare.kind === "unrouted") throw new Error("unrouted");
  expect(bare.body.value).toEqual({ type, data: envelope.data });
});

test("a long bare conversation with its recording has the same key as its envelope alone", () => {
  const { data } = JSON.parse(aTranscription({ full_audio: "A".repeat(400_000) }).toString());
  const body = Buffer.from(JSON.stringify(data));
  const [event, envelope] = [readEvent(body), readEnvelope(body)];
  expect(event).toMatchObject({ kind: "transcription", conversationId: "conv_1" });
  expect(rawKey(envelope, body, undefined)).toBe(rawKey(event, body, undefined));
});

describe("a call in OpenTelemetry's format", () => {
  const body = anOtelCall([aUserSpan(0, "a"), aCallSpan()]);
  const keyOf = (bytes: Buffer) => rawKey(readEvent(bytes), bytes, undefined);

  test("is a transcription, in JSON's form, with what was sent beside it", () => {
    const event = readEvent(body);
    expect(event).toMatchObject({
      kind: "transcription",
      type: "post_call_transcription_otel",
      conversationId: "conv_1",
    });
    expect(event).toMatchObject({ body: { value: { data: { transcript: [{ message: "a" }] } } } });
    expect(event).toMatchObject({ sent: JSON.parse(body.toString()) });
    expect(keyOf(body)).toBe("12025550101/conv_1.json");
  });

  test("has the same key without its type, or as bare data", () => {
    const { type: _, ...envelope } = JSON.parse(body.toString());
    for (const bare of [
      envelope,
      envelope.data,
      { type: null, ...envelope },
      { ...envelope.data, failure_reason: "x" },
    ])
      expect(keyOf(Buffer.from(JSON.stringify(bare)))).toBe("12025550101/conv_1.json");
  });

  test("has the conversation id of its spans if data has none", () => {
    const spans = [aUserSpan(0, "a", { attributes: { conversation_id: "conv_2" } })];
    expect(readEvent(anOtelCall(spans, { conversation_id: null }))).toMatchObject({ conversationId: "conv_1" });
    const otlp_traces = { resourceSpans: [{ scopeSpans: [{ spans }] }] };
    expect(readEvent(anOtelCall([], { conversation_id: " ", otlp_traces }))).toMatchObject({
      conversationId: "conv_2",
    });
  });

  test.each([undefined, null, [], {}, { resourceSpans: [null, 1, { scopeSpans: [{ spans: [null, [], {}] }] }] }])(
    "without a span is a call of an unknown person: %j",
    (otlp_traces) => {
      expect(keyOf(anOtelCall([], { otlp_traces }))).toBe("anonymous/conv_1.json");
    },
  );

  test("has the same key by its envelope, however long it is", () => {
    const long = (index: number) => aUserSpan(index, "word ".repeat(20_000), { id: `${index}` });
    const number = { "telephony.external_number": "+12025550102" };
    for (const span of [aCallSpan(), aSpan("tool.x", { attributes: number }), aSpan("conversation")]) {
      const spans = [long(0), long(1), long(2), span, long(3)];
      const bytes = anOtelCall(spans);
      expect(rawKey(readEnvelope(bytes), bytes, undefined)).toBe(keyOf(bytes));
    }
  });
});

test("any other body is read in the form in which it was sent", () => {
  const event = readEvent(aTranscription());
  if (event.kind === "unrouted") throw new Error("unrouted");
  expect(event.sent).toBe(event.body.value);
});

test("data without a type and with the fields of no kind, or an empty type, is unrouted", () => {
  for (const body of [
    '{"data": {"conversation_id": "conv_1"}}',
    '{"type": "", "data": {"conversation_id": "conv_1", "transcript": []}}',
  ]) {
    expect(readEvent(Buffer.from(body))).toMatchObject({ kind: "unrouted", type: "untyped", conversationId: "conv_1" });
  }
});
