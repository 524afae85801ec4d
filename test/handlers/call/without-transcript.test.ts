import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { withoutTranscript } from "../../../handlers/call/without-transcript.ts";
import { bytesOf, changedBody } from "../../support/fixtures/arbitrary-bodies.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

const shortened = (text: string) => withoutTranscript(Buffer.from(text), true).toString();

test("the entries of a transcript are left out, and nothing else", () => {
  const before = '{"type": "t", "data": {"transcript" : [{"message": "a ] \\" , }"}, {"tools": [[1], {"a": "["}]}, 7 ]';
  expect(shortened(`${before}, "user_id": "u"}}`)).toBe('{"type": "t", "data": {"transcript" : [], "user_id": "u"}}');
});

test.each([
  ["a text", '{"a": "transcript", "b": [1]}'],
  ["no array", '{"transcript": {"a": [1]}}'],
  ["null", '{"transcript": null, "b": [1]}'],
  ["an empty array", '{"transcript": []}'],
  ["words that quote it", '{"a": "\\"transcript\\": [1, 2]"}'],
])("a transcript that is %s stays", (_, text) => {
  expect(shortened(text)).toBe(text);
});

test.each([
  '{"transcript": [1, 2',
  '{"transcript": [1, "2',
  '{"transcript": [1,]}',
  '{"transcript": [1, {]}',
  '{"transcript": [1, }]}',
  '{"transcript": [1 2]}',
  '{"transcript": [NaN]}',
  '{"transcript": [\ufeff{}]}',
])("a transcript that is not JSON stays: %s", (text) => {
  expect(shortened(text)).toBe(text);
});

test("a body of up to 256 KiB stays as it is", () => {
  const body = Buffer.from(JSON.stringify({ transcript: [1, 2] }));
  expect(withoutTranscript(body)).toBe(body);
});

test("without its transcript a body goes where it goes with it, and is of the same kind", () => {
  fc.assert(
    fc.property(changedBody, (changed) => {
      const body = bytesOf(changed);
      expect(placeOf(withoutTranscript(body, true), body)).toEqual(placeOf(body, body));
    }),
    runs(300),
  );
});

/** Where `body` goes, by what is read in `read`. */
function placeOf(read: Buffer, body: Buffer): unknown {
  const { body: _, ...event } = { body: undefined, ...readEvent(read) };
  return [event, rawKey(readEvent(read), body)];
}
