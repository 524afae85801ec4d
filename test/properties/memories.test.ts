import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../handlers/call/event.ts";
import { memoriesOf } from "../../handlers/process/call-memories.ts";
import { replaceMemories } from "../../handlers/process/remember.ts";
import { listMemories } from "../support/doubles/list-memories.ts";
import { bytesOf, changedBody } from "../support/fixtures/arbitrary-bodies.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { aWorld } from "../support/fixtures/world.ts";

const USER = "+12025550101";

test("a call has at most one factual and one semantic memory, and none of them is empty", () => {
  fc.assert(
    fc.property(changedBody, (changed) => {
      const event = readEvent(bytesOf(changed));
      if (event.kind !== "transcription") return;
      const memories = memoriesOf(event, USER);
      const types = memories.map(({ type }) => type);
      expect(new Set(types).size).toBe(types.length);
      expect(memories).toMatchObject(
        types.map((type) => ({ user_id: USER, conversation_id: event.conversationId, type, metadata: { type } })),
      );
      for (const { messages } of memories) expect(messages.length).toBeGreaterThan(0);
      for (const { content } of memories.flatMap(({ messages }) => messages)) expect(content.trim()).not.toBe("");
    }),
    runs(100),
  );
});

test("replacing memories twice has the same result as replacing them once", async () => {
  await fc.assert(
    fc.asyncProperty(changedBody, async (changed) => {
      const event = readEvent(bytesOf(changed));
      if (event.kind !== "transcription") return;
      const memories = memoriesOf(event, USER);
      const store = listMemories();
      const { memory: record } = await replaceMemories(memories, undefined, event.conversationId, store);
      expect(store.all).toEqual(memories);
      for (const before of [record, undefined]) {
        expect(await replaceMemories(memories, before, event.conversationId, store)).toEqual({ memory: record });
        expect(store.all).toEqual(memories);
      }
    }),
    runs(60),
  );
});

test("processing a call again leaves its memories the same", async () => {
  await fc.assert(
    fc.asyncProperty(changedBody, changedBody, async (changed, other) => {
      const world = aWorld();
      for (const body of [other, changed].map(bytesOf)) await world.take(body).catch(() => {});
      const once = world.snapshot();
      const key = await world.delivered(bytesOf(changed));
      await world.archive.rePut(key);
      await world.process(key).catch(() => {});
      expect(world.snapshot()).toEqual(once);
    }),
    runs(25),
  );
});
