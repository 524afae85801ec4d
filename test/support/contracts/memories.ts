import { expect, onTestFinished, test } from "vitest";
import type { Memories, Memory } from "../../../handlers/clients/memory/memories.ts";
import { aMemory } from "../../handlers/clients/memory/a-memory.ts";

interface HeldMemory extends Pick<Memory, "type" | "conversation_id"> {
  /** The time that the store orders it by, ISO 8601. */
  readonly happenedAt: string | null;
}

/** A memory store, with a separate way to read its content. */
export interface MemoriesUnderTest {
  readonly memories: Memories;
  held(userId: string): Promise<readonly HeldMemory[]>;
  close?(): Promise<void>;
}

/** The contract of every implementation of `Memories`. `make` creates an empty store. */
export function memoriesContract(name: string, make: () => Promise<MemoriesUnderTest>): void {
  const USER = "+16129782029";

  async function anEmptyStore() {
    const store = await make();
    onTestFinished(() => store.close?.());
    const held = async (userId = USER) =>
      (await store.held(userId)).map(({ type, conversation_id }) => `${conversation_id} ${type}`).toSorted();
    return { memories: store.memories, held, store };
  }

  test(`${name}: stores both memories of a call under the caller`, async () => {
    const { memories, held } = await anEmptyStore();
    expect(await memories.add(aMemory({ type: "factual" }))).toBe("added");
    expect(await memories.add(aMemory({ type: "semantic" }))).toBe("added");
    expect(await held()).toEqual(["conv_7 factual", "conv_7 semantic"]);
  });

  test(`${name}: stores a memory with the time of its call, whenever it is added`, async () => {
    const { memories, store } = await anEmptyStore();
    await memories.add(aMemory({ conversation_id: "conv_new", started_at: "2026-11-23T12:00:00.000Z" }));
    await memories.add(aMemory({ conversation_id: "conv_old", started_at: "2026-11-20T10:00:00.000Z" }));
    const times = (await store.held(USER)).map(({ conversation_id, happenedAt }) => [conversation_id, happenedAt]);
    expect(Object.fromEntries(times)).toEqual({
      conv_old: "2026-11-20T10:00:00.000Z",
      conv_new: "2026-11-23T12:00:00.000Z",
    });
  });

  test(`${name}: stores a memory twice that is added twice`, async () => {
    const { memories, held } = await anEmptyStore();
    await memories.add(aMemory());
    await memories.add(aMemory());
    expect(await held()).toEqual(["conv_7 factual", "conv_7 factual"]);
  });

  test.each([false, true])(
    `${name}: forgets one conversation of one caller and nothing else (in flight: %s)`,
    async (inFlight) => {
      const { memories, held } = await anEmptyStore();
      for (const type of ["factual", "semantic"] as const) {
        await memories.add(aMemory({ type }));
        await memories.add(aMemory({ type, conversation_id: "conv_8" }));
        await memories.add(aMemory({ type, user_id: "+15550100" }));
      }
      await memories.forget(USER, "conv_7", { inFlight });
      expect(await held()).toEqual(["conv_8 factual", "conv_8 semantic"]);
      expect(await held("+15550100")).toEqual(["conv_7 factual", "conv_7 semantic"]);
    },
  );

  test(`${name}: forgets every copy of a memory that was added more than once`, async () => {
    const { memories, held } = await anEmptyStore();
    for (let copy = 0; copy < 3; copy += 1) await memories.add(aMemory());
    await memories.forget(USER, "conv_7", { inFlight: false });
    expect(await held()).toEqual([]);
  });

  test.each([false, true])(`${name}: forgetting an absent memory does nothing (in flight: %s)`, async (inFlight) => {
    const { memories, held } = await anEmptyStore();
    await memories.forget(USER, "conv_7", { inFlight });
    await memories.add(aMemory({ conversation_id: "conv_8" }));
    await memories.forget(USER, "conv_7", { inFlight });
    expect(await held()).toEqual(["conv_8 factual"]);
  });

  test(`${name}: forgetting and adding again leaves one memory`, async () => {
    const { memories, held } = await anEmptyStore();
    await memories.add(aMemory());
    for (let again = 0; again < 2; again += 1) {
      await memories.forget(USER, "conv_7", { inFlight: true });
      await memories.add(aMemory());
    }
    expect(await held()).toEqual(["conv_7 factual"]);
  });

  test(`${name}: stores every memory that is added at the same time`, async () => {
    const { memories, held } = await anEmptyStore();
    const ids = Array.from({ length: 12 }, (_, index) => `conv_${index}`);
    await Promise.all(ids.map((conversation_id) => memories.add(aMemory({ conversation_id }))));
    expect(await held()).toEqual(ids.map((id) => `${id} factual`).toSorted());
  });

  test.each(["someone@example.com", "../../etc/passwd", "Zoë", ".", "x".repeat(200), "a/b"])(
    `${name}: separates callers whose ids are not numbers: %s`,
    async (user_id) => {
      const { memories, held } = await anEmptyStore();
      await memories.add(aMemory({ user_id }));
      await memories.add(aMemory({ user_id: `${user_id}?` }));
      await memories.forget(`${user_id}?`, "conv_7", { inFlight: false });
      expect(await held(user_id)).toEqual(["conv_7 factual"]);
      expect(await held(`${user_id}?`)).toEqual([]);
    },
  );
}
