import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { withoutTranscript } from "../../../handlers/call/without-transcript.ts";
import { bytesOf, changedBody } from "../../support/fixtures/arbitrary-bodies.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

const shortened = (text: string) => withoutTranscript(Buffer.from(text), 0).toString();

test("removes the entries of a transcript, and nothing else", () => {
  const before = '{"type": "t", "data": {"transcript" : [{"message": "a ] \\" , }"}, {"tools": [[1], {"a": "["}]}, 7 ]';
  expect(shortened(`${before}, "user_id": "u"}}`)).toBe('{"type": "t", "data": {"transcript" : [], "user_id": "u"}}');
});

test("removes entries that contain NaN and Infinity, also outside of texts", () => {
  expect(shortened('{"transcript": [NaN, {"a": [-Infinity], "b": "] NaN"}], "c": NaN}')).toBe(
    '{"transcript": [], "c": NaN}',
  );
});

test("removes the spans of the turns and tools, except those that may name the call or the person", () => {
  const [call, turn, tool] = [
    '{"name": "elevenlabs.conversation"}',
    '{"name": "a", "attributes": []}',
    '{"name": "tool.x"}',
  ];
  const named = '{"attributes": [{"key": "user_id", "value": {"stringValue": "u"}}]}';
  const traces = (...lists: string[]) => `{"scopeSpans": [${lists.map((list) => `{"spans": [${list}]}`).join(", ")}]}`;
  const before = traces(`${turn}, ${call} , ${tool},${named}`, "", turn, " 7 ");
  expect(shortened(before)).toBe(traces(` ${call} ,${named}`, "", "", ""));
});

test.each([
  ["a text", '{"a": "transcript", "b": [1]}'],
  ["an object", '{"transcript": {"a": [1]}}'],
  ["null", '{"transcript": null, "b": [1]}'],
  ["an empty array", '{"transcript": []}'],
  ["quoted inside a text", '{"a": "\\"transcript\\": [1, 2]"}'],
])("does not change a transcript that is %s", (_, text) => {
  expect(shortened(text)).toBe(text);
});

test.each([
  '{"transcript": [1, 2',
  '{"transcript": [1, "2',
  '{"transcript": [1,]}',
  '{"transcript": [1, {]}',
  '{"transcript": [1, }]}',
  '{"transcript": [1 2]}',
  '{"transcript": [NaNs]}',
  '{"transcript": [{NaN: 1}]}',
  '{"transcript": [\ufeff{}]}',
])("does not change a transcript that is not JSON: %s", (text) => {
  expect(shortened(text)).toBe(text);
});

test("does not change a body of up to 256 KiB", () => {
  const body = Buffer.from(JSON.stringify({ transcript: [1, 2] }));
  expect(withoutTranscript(body)).toBe(body);
});

test("a body has the same kind and key without its transcript", () => {
  fc.assert(
    fc.property(changedBody, (changed) => {
      const body = bytesOf(changed);
      expect(placeOf(withoutTranscript(body, 0), body)).toEqual(placeOf(body, body));
    }),
    runs(300),
  );
});

/** The event in `read`, and the key of `body`. */
function placeOf(read: Buffer, body: Buffer): unknown {
  const { body: _, sent: __, ...event } = { body: undefined, sent: undefined, ...readEvent(read) };
  return [event, rawKey(readEvent(read), body, undefined)];
}
