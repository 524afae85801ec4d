import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { at, list, text } from "../../../../handlers/call/json.ts";
import { ServiceUnavailable } from "../../../../handlers/clients/http/service-errors.ts";
import { mem0Memories } from "../../../../handlers/clients/memory/mem0.client.ts";
import { memoriesContract } from "../../../support/contracts/memories.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { type Mem0ServerOptions, mem0Server } from "../../../support/servers/mem0-server.ts";
import { ADD, aMem0, count, DELETE, EVENT, KEY, LIST } from "./a-mem0.ts";
import { aMemory } from "./a-memory.ts";

const USER = "+16129782029";

memoriesContract("Mem0 that adds at once", () => underContract({ adds: "at once" }));
memoriesContract("Mem0 that adds later", () => underContract({ adds: { afterRequests: 2 } }));
memoriesContract("Mem0 that ignores metadata filters, with small pages", () =>
  underContract({ ignoresMetadata: true, pageSize: 2 }),
);

async function underContract(options: Mem0ServerOptions) {
  const server = await mem0Server(options);
  const memories = mem0Memories({ apiKey: KEY, host: server.url, clock: virtualClock() });
  const held = async (userId: string) =>
    server
      .memories()
      .filter(({ user_id }) => user_id === userId)
      .map(({ metadata, created_at }) => ({
        happenedAt: created_at,
        type: at(metadata, "type") === "factual" ? ("factual" as const) : ("semantic" as const),
        conversation_id: text(at(metadata, "conversation_id")) ?? "",
      }));
  return { memories, held, close: server.close };
}

test("sends the metadata unchanged, and no entity but the user", async () => {
  const { server, memories } = await aMem0();
  const memory = aMemory({ type: "semantic" });
  await memories.add(memory);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    messages: memory.messages,
    user_id: USER,
    metadata: {
      type: "semantic",
      conversation_id: "conv_7",
      agent_id: "agent_1",
      call_duration_secs: 42,
      started_at: "2026-11-23T12:00:00.000Z",
    },
    timestamp: Date.parse("2026-11-23T12:00:00Z") / 1000,
  });
});

test.each([null, "no time"])("sends no time if the call's start is not known: %s", async (started_at) => {
  const { server, memories } = await aMem0();
  const memory = aMemory();
  await memories.add({ ...memory, metadata: { ...memory.metadata, started_at } });
  expect(JSON.parse(server.requests[0]?.body ?? "")).not.toHaveProperty("timestamp");
});

test("sends no other request, such as a ping", async () => {
  const { server, memories } = await aMem0();
  await memories.add(aMemory());
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /v3/memories/add/"]);
});

test("accepts a host with or without a slash at its end", async () => {
  const { server } = await aMem0();
  await mem0Memories({ apiKey: KEY, host: `${server.url}/` }).add(aMemory());
  expect(server.memories()).toHaveLength(1);
});

test("polls a pending add until it is done", async () => {
  const { server, memories } = await aMem0({ adds: { afterRequests: 4 } });
  expect(await memories.add(aMemory())).toBe("added");
  expect(server.memories()).toHaveLength(1);
  expect(count(server, EVENT)).toBe(5);
});

test("an add that is not done before the timeout is accepted", async () => {
  const { memories, clock } = await aMem0({ adds: "on demand" }, { addTimeoutMs: 5_000 });
  const before = clock.now().getTime();
  expect(await memories.add(aMemory())).toBe("accepted");
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(5_000);
  expect(clock.now().getTime() - before).toBeLessThan(8_000);
});

test("an add without a readable event is accepted", async () => {
  const { server, memories } = await aMem0({ adds: "on demand", hasEvents: false });
  expect(await memories.add(aMemory())).toBe("accepted");
  expect(count(server, EVENT)).toBe(1);
});

test("keeps polling an add when one poll fails", async () => {
  const { server, memories } = await aMem0({ adds: { afterRequests: 3 } });
  server.fail({ does: "cut" }, { on: EVENT });
  server.fail({ does: "answer", status: 502 }, { on: EVENT });
  expect(await memories.add(aMemory())).toBe("added");
});

test.each([
  ["at once", ADD, { adds: "at once" }],
  ["later", EVENT, { adds: "on demand" }],
] as const)("fails an add that Mem0 %s reports as failed", async (_when, on, options) => {
  const { server, memories } = await aMem0(options);
  server.fail({ does: "answer", status: 200, body: `{"status":"FAILED"}` }, { on });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
});

test("polls an add also if its events are in a list of results", async () => {
  const { server, memories } = await aMem0({ adds: "on demand", hasEvents: false });
  const body = JSON.stringify({ results: [{ status: "PENDING", event_id: "event_1" }] });
  server.fail({ does: "answer", status: 200, body }, { on: ADD });
  server.fail({ does: "answer", status: 200, body: `{"status":"RUNNING"}` }, { on: EVENT });
  server.fail({ does: "answer", status: 200, body: `{"status":"SUCCEEDED"}` }, { on: EVENT });
  expect(await memories.add(aMemory())).toBe("added");
  expect(server.requests.at(-1)?.path).toBe("/v1/event/event_1/");
});

const forgets = { inFlight: false };
const forgetsWhatIsInFlight = { inFlight: true };

test("an add that was done but not answered is forgotten, and the next add makes one memory", async () => {
  const { server, memories } = await aMem0();
  server.fail({ does: "work, then cut" }, { on: ADD });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
  expect(server.memories()).toHaveLength(1);
  await memories.forget(USER, "conv_7", forgetsWhatIsInFlight);
  await memories.add(aMemory());
  expect(server.memories()).toHaveLength(1);
});

test("a deletion that was done but not answered is done", async () => {
  const { server, memories } = await aMem0();
  await memories.add(aMemory());
  server.fail({ does: "work, then cut" }, { on: DELETE });
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories()).toEqual([]);
});

test("a memory that appears after an empty list is forgotten, too, when an add may be in flight", async () => {
  const { server, memories, clock } = await aMem0({ adds: { afterRequests: 4 }, hasEvents: false });
  expect(await memories.add(aMemory())).toBe("accepted");
  const before = clock.now().getTime();
  await memories.forget(USER, "conv_7", forgetsWhatIsInFlight);
  expect(server.memories()).toEqual([]);
  expect(count(server, DELETE)).toBe(1);
  // The memory appears in the fourth list, after 1.5 s. Then nothing appears for 3 s.
  expect(clock.now().getTime() - before).toBe(4_500);
});

test("does not wait when no add is in flight", async () => {
  const { server, memories, clock } = await aMem0();
  await memories.forget(USER, "conv_7", forgets);
  expect(server.requests).toHaveLength(1);
  expect(clock.slept).toEqual([]);
});

test("finds the conversation on every page", async () => {
  const { server, memories } = await aMem0({ pageSize: 2, ignoresMetadata: true });
  for (let other = 0; other < 5; other += 1) await memories.add(aMemory({ conversation_id: `conv_other_${other}` }));
  await memories.add(aMemory());
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories().map(({ metadata }) => at(metadata, "conversation_id"))).not.toContain("conv_7");
  expect(server.memories()).toHaveLength(5);
});

test("lists all memories, also those that Mem0 hides by default", async () => {
  const { server, memories } = await aMem0();
  await memories.forget(USER, "conv_7", forgets);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    filters: { AND: [{ user_id: USER }, { metadata: { conversation_id: "conv_7" } }] },
    show_expired: true,
    latest_only: false,
    include_merged: true,
  });
});

test.each(["listed on request", "never listed"] as const)(
  "forgets a memory that Mem0 merged into a fuller one, which is %s",
  async (merges) => {
    const { server, memories } = await aMem0({ merges });
    const content = "They moved to Duluth.";
    await memories.add(aMemory({ messages: [{ role: "assistant", content }] }));
    await memories.add(aMemory({ messages: [{ role: "assistant", content: `${content} In May.` }] }));
    const ofAnother = merges === "never listed" ? [] : ["conv_8"];
    for (const conversation_id of ofAnother)
      await memories.add(
        aMemory({ conversation_id, messages: [{ role: "assistant", content: `${content} In May. By car.` }] }),
      );
    await memories.forget(USER, "conv_7", forgets);
    expect(server.memories().map(({ metadata }) => at(metadata, "conversation_id"))).toEqual(ofAnother);
  },
);

test("reads a list without pages", async () => {
  const { server, memories } = await aMem0();
  await memories.add(aMemory());
  const body = JSON.stringify(server.memories());
  server.fail({ does: "answer", status: 200, body }, { on: LIST });
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories()).toEqual([]);
});

test("ends if the server always returns the same page", async () => {
  const { server, memories } = await aMem0();
  const page = { next: "?page=2", results: [{ id: "1", metadata: { conversation_id: "conv_8" } }] };
  server.fail(
    { does: "answer", status: 200, body: JSON.stringify(page) },
    { on: LIST, times: Number.POSITIVE_INFINITY },
  );
  await memories.forget(USER, "conv_7", forgets);
  expect(count(server, LIST)).toBe(2);
});

test("stops if memories cannot be deleted, and the error has their number", async () => {
  const { server, memories } = await aMem0();
  await memories.add(aMemory());
  await memories.add(aMemory());
  server.fail({ does: "answer", status: 200, body: "{}" }, { on: DELETE, times: Number.POSITIVE_INFINITY });
  const message = "could not forget conv_7 for user …29: Mem0 still lists 2 of its memories after 8 rounds of deleting";
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow(message);
  expect(count(server, DELETE)).toBe(16);
});

test("sends requests only to Mem0, prints nothing, and writes nothing in the home folder", async () => {
  const server = await mem0Server({ adds: { afterMs: 50 } });
  const home = await mkdtemp(join(tmpdir(), "home-"));
  onTestFinished(async () => {
    await server.close();
    await rm(home, { recursive: true });
  });
  const script = join(import.meta.dirname, "mem0-in-a-process.ts");
  const env = { PATH: process.env["PATH"], HOME: home, USERPROFILE: home, MEM0_TELEMETRY: "true" };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, server.url], { env });
  expect(list(JSON.parse(stdout))).toEqual([server.url]);
  expect(stderr).toBe("");
  expect(await readdir(home)).toEqual([]);
  expect(server.memories()).toEqual([]);
});
