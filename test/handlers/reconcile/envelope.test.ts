import fc from "fast-check";
import { expect, test } from "vitest";
import { inEnvelope, NotTheConversation } from "../../../handlers/reconcile/envelope.ts";
import { NOW } from "../../support/fixtures/world.ts";

/** The indentations with which a sender may serialise the same JSON. */
const SPACES = fc.constantFrom(undefined, 1, "\t");
const CONVERSATION = fc.dictionary(fc.string(), fc.jsonValue()).map((more) => ({ ...more, conversation_id: "conv_1" }));

test("contains the bytes unchanged, and is parsed as the event of a webhook", () => {
  fc.assert(
    fc.property(CONVERSATION, SPACES, fc.constantFrom("", " ", "\r\n"), (conversation, spaces, around) => {
      const sent = Buffer.from(`${around}${JSON.stringify(conversation, null, spaces)}${around}`);
      const { body, event } = inEnvelope(sent, "conv_1", NOW);
      expect(body.includes(sent)).toBe(true);
      expect(JSON.parse(body.toString())).toEqual({
        type: "post_call_transcription",
        event_timestamp: NOW.getTime() / 1000,
        data: JSON.parse(sent.toString()),
      });
      expect(event.conversationId).toBe("conv_1");
    }),
  );
});

test("a conversation with NaN is a conversation, and its bytes are unchanged", () => {
  const sent = Buffer.from('{"conversation_id": "conv_1", "metadata": {"cost": NaN}, "transcript": []}');
  const { body, event } = inEnvelope(sent, "conv_1", NOW);
  expect(body.includes(sent)).toBe(true);
  expect(event.body.notNumbers).toEqual([{ path: ["data", "metadata", "cost"], token: "NaN", count: 1 }]);
});

test.each([
  ["an empty response", ""],
  ["an HTML page", "<html>Please log in</html>"],
  ["half a conversation", '{"conversation_id": "conv_1", "status": "do'],
  ["a list", '[{"conversation_id": "conv_1"}]'],
  ["more than one value", '{"conversation_id": "conv_1"}, "type": "post_call_audio"'],
  ["bytes that close the envelope", '{"conversation_id": "conv_1"}}, {"data": {"conversation_id": "conv_1"}'],
  ["an error", '{"detail": {"status": "not_found"}}'],
  ["another conversation", '{"conversation_id": "conv_2"}'],
])("throws NotTheConversation for %s", (_, sent) => {
  expect(() => inEnvelope(Buffer.from(sent), "conv_1", NOW)).toThrow(NotTheConversation);
});
