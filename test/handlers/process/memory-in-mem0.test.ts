import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { aTranscription, metadataWith, transcriptOf } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";
import type { Fault } from "../../support/servers/faulty-server.ts";
import type { Mem0ServerOptions } from "../../support/servers/mem0-server.ts";
import { ADD, aMem0, LIST } from "../clients/memory/a-mem0.ts";

const KEY = "12025550101/conv_1.json";

/** An archive whose processor stores memories in Mem0. */
async function aWorldWithMem0(options: Mem0ServerOptions = {}) {
  const { server, memories } = await aMem0(options, { timeoutMs: 400, retries: 1, addTimeoutMs: 1_000 });
  const world = aWorld({ memories });
  /** Type and caller of each memory that Mem0 has. */
  const held = () =>
    server
      .memories()
      .map((one) => `${at(one.metadata, "type")} of ${one.user_id}`)
      .toSorted();
  return { ...world, server, held };
}

const BOTH = ["factual of +12025550101", "semantic of +12025550101"];

test("adds both memories of a call under the caller", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  expect(world.held()).toEqual(BOTH);
  expect(world.server.memories()[0]?.metadata).toEqual({
    type: "factual",
    conversation_id: "conv_1",
    agent_id: "agent_1",
    call_duration_secs: 40,
    started_at: "2026-11-20T10:00:00.000Z",
  });
});

test("memories have the time of the call, also after reprocessing it days later", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  await world.archive.rePut(KEY);
  await world.process(KEY);
  expect(world.server.memories().map(({ created_at }) => created_at)).toEqual([
    "2026-11-20T10:00:00.000Z",
    "2026-11-20T10:00:00.000Z",
  ]);
});

const FAULTS: [string, Fault][] = [
  ["refuses the key", { does: "answer", status: 401 }],
  ["answers 500", { does: "answer", status: 500 }],
  ["answers 429", { does: "answer", status: 429, headers: { "retry-after": "3" } }],
  ["does not answer", { does: "hang" }],
  ["cuts the connection", { does: "cut" }],
  ["adds, then cuts the connection before its response", { does: "work, then cut" }],
];

test.each(FAULTS)("when Mem0 %s, the other steps are done, and retries add each memory once", async (_, fault) => {
  const world = await aWorldWithMem0();
  world.server.fail(fault, { on: ADD, times: 2 });
  await expect(world.take(aTranscription())).rejects.toThrow(/memory: could not add the factual memory of conv_1/);
  expect(await world.rows("turns")).toHaveLength(2);
  const retry = () => world.process(KEY);
  expect(await retry().catch(retry).catch(retry)).toMatchObject({ outcome: "processed", steps: ["memory"] });
  expect(world.held()).toEqual(BOTH);
});

test.each([400, 413, 422])(
  "a memory that Mem0 refuses with %d is final, and the other one is added",
  async (status) => {
    const world = await aWorldWithMem0();
    world.server.fail({ does: "answer", status, body: `{"error":"Messages are too long"}` }, { on: ADD });
    const error = await world.take(aTranscription()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "StepsFailed", isFinal: true, failed: ["memory"] });
    expect(String(error)).toContain(
      `memory: could not add the factual memory of conv_1 for user …01: Mem0 answered ${status}: Messages are too long`,
    );
    expect(world.held()).toEqual(["semantic of +12025550101"]);
    const { index } = await readIndex(world.archive, "conv_1");
    expect(index.memory).toEqual({ state: "added", user_ids: ["+12025550101"], refused: ["factual"] });
    expect(index.objects[KEY]).toMatchObject({
      done: ["audio", "rows"],
      failed: { memory: expect.stringContaining("Messages are too long") },
    });
    await world.archive.rePut(KEY);
    expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
    expect(world.held()).toEqual(BOTH);
    expect((await readIndex(world.archive, "conv_1")).index.memory).not.toHaveProperty("refused");
  },
);

test("a refused key is not final, also if Mem0 refuses the content of the other memory", async () => {
  const world = await aWorldWithMem0();
  world.server.fail({ does: "answer", status: 400 }, { on: ADD });
  world.server.fail({ does: "answer", status: 401 }, { on: ADD });
  await expect(world.take(aTranscription())).rejects.toMatchObject({ isFinal: false });
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.held()).toEqual(BOTH);
});

test("adds nothing to Mem0 if it cannot list the memories", async () => {
  const world = await aWorldWithMem0();
  world.server.fail({ does: "answer", status: 500 }, { on: LIST, times: 2 });
  await expect(world.take(aTranscription())).rejects.toThrow(/memory: could not forget conv_1 for user …01/);
  expect(world.held()).toEqual([]);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.held()).toEqual(BOTH);
});

test("sends no request to Mem0 for a repeated delivery", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  const requested = world.server.requests.length;
  expect(await world.take(aTranscription())).toEqual({ outcome: "duplicate" });
  expect(world.server.requests).toHaveLength(requested);
});

test("a new transcript replaces the memories of the old one", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  await world.take(aTranscription({ transcript: transcriptOf("Hello?", "It was settled.") }));
  expect(world.held()).toEqual(BOTH);
  const text = JSON.stringify(world.server.memories());
  expect(text).toContain("It was settled.");
  expect(text).not.toContain("my money back");
});

test("deletes the memories under the first caller if a correction names another", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  await world.take(aTranscription({ metadata: metadataWith({ phone_call: { external_number: "+12025550102" } }) }));
  expect(world.held()).toEqual(BOTH.map((one) => one.replace("0101", "0102")));
});

test("adds no memory for an anonymous caller, and sends no request to Mem0", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription({ metadata: metadataWith({ phone_call: null }) }));
  expect(world.server.requests.filter(({ path }) => path !== "/v1/ping/")).toEqual([]);
});

test("the next run replaces adds that Mem0 accepted but did not finish in time", async () => {
  const world = await aWorldWithMem0({ adds: "on demand" });
  await world.take(aTranscription());
  expect(world.held()).toEqual([]);
  world.server.finishAdds();
  await world.archive.rePut(KEY);
  await world.process(KEY);
  world.server.finishAdds();
  expect(world.held()).toEqual(BOTH);
});

test("adds no second copy of a memory after the index was lost", async () => {
  const world = await aWorldWithMem0();
  await world.take(aTranscription());
  await world.archive.delete("_index/conv_1");
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.held()).toEqual(BOTH);
});
