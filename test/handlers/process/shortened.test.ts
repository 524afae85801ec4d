import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import type { Message } from "../../../handlers/clients/memory/memories.ts";
import { memoriesOf } from "../../../handlers/process/call-memories.ts";
import { shortened } from "../../../handlers/process/shortened.ts";
import { aTranscription, transcriptOf } from "../../support/fixtures/events.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

const LIMIT = 100_000;

/** One message for each of `contents`, of the user and the assistant in turn. */
function talk(...contents: string[]): Message[] {
  return contents.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
}

function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}

test("does not change messages up to exactly the limit", () => {
  const fits = talk("a".repeat(LIMIT - 2), "é");
  expect(shortened(fits)).toEqual({ messages: fits, messagesLeftOut: undefined });
  expect(shortened(talk("a".repeat(LIMIT - 1), "é")).messagesLeftOut).toBe(0);
});

test("keeps the beginning and the end of a long call, and states the number of omitted messages", () => {
  const long = talk(...Array.from({ length: 300 }, (_, index) => `${index} `.padEnd(1_000, "x")));
  const { messages, messagesLeftOut } = shortened(long);
  expect(messagesLeftOut).toBe(202);
  expect(messages).toEqual([
    ...long.slice(0, 49),
    { role: "assistant", content: "[… 202 messages left out …]" },
    ...long.slice(251),
  ]);
});

test("states that one message is omitted", () => {
  const long = talk("a".repeat(49_000), "b".repeat(49_000), "c".repeat(49_000));
  expect(shortened(long)).toEqual({
    messages: [long[0], { role: "assistant", content: "[… 1 message left out …]" }, long[2]],
    messagesLeftOut: 1,
  });
});

test("shortens a single large message in its middle, between characters", () => {
  const { messages, messagesLeftOut } = shortened(talk(`begin${"🙂".repeat(100_000)}end`));
  expect(messagesLeftOut).toBe(0);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.content).toMatch(/^begin🙂+ \[… \d+ bytes left out …\] 🙂+end$/u);
});

test("any call fits after shortening, keeps its beginning and end, and counts its omitted messages", () => {
  const length = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 60_000 }));
  const content = fc
    .tuple(fc.constantFrom("a", "é", "語", "🙂"), length)
    .map(([letter, count]) => letter.repeat(count));
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 30 }), (contents) => {
      const all = talk(...contents);
      const { messages, messagesLeftOut } = shortened(all);
      expect(bytesOf(messages)).toBeLessThanOrEqual(LIMIT);
      expect(messages[0]?.content.slice(0, 2)).toBe(all[0]?.content.slice(0, 2));
      expect(messages.at(-1)?.content.slice(-2)).toBe(all.at(-1)?.content.slice(-2));
      const left = messagesLeftOut ?? 0;
      expect(messages.length).toBe(left === 0 ? all.length : all.length - left + 1);
      expect(messages.map(({ content }) => content).join("")).not.toContain("\ufffd");
      expect(shortened(all)).toEqual(shortened(all));
    }),
    runs(100),
  );
});

test("only the metadata of a shortened memory contains the number of omitted messages", () => {
  const ofCall = (...words: string[]) =>
    memoriesOf(known(aTranscription({ transcript: transcriptOf(...words) })), "+1");
  const semantic = (memories: ReturnType<typeof ofCall>) => memories.find(({ type }) => type === "semantic")?.metadata;
  expect(semantic(ofCall("Hello?", "Hi."))).not.toHaveProperty("shortened");
  const long = ofCall(...Array.from({ length: 300 }, () => "x".repeat(1_000)));
  expect(semantic(long)).toMatchObject({ shortened: true, messages_left_out: 202 });
  expect(long.find(({ type }) => type === "factual")?.metadata).not.toHaveProperty("shortened");
});

function known(body: Buffer) {
  const event = readEvent(body);
  if (event.kind === "unrouted") throw new Error("not a call");
  return event;
}
