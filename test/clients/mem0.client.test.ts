import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { at, list, text } from "../../handlers/call/json.ts";
import { type Mem0Options, mem0Memories } from "../../handlers/clients/mem0.client.ts";
import { ServiceRefused, ServiceUnavailable } from "../../handlers/clients/service-errors.ts";
import { memoriesContract } from "../contracts/memories.ts";
import type { Fault } from "../servers/faulty-server.ts";
import { type Mem0Server, type Mem0ServerOptions, mem0Server } from "../servers/mem0-server.ts";
import { aMemory } from "./a-memory.ts";
import { virtualClock } from "./virtual-clock.ts";

const KEY = "m0-a-secret-key";
const USER = "+16129782029";
const ADD = /^POST \/v3\/memories\/add\/$/;
const LIST = /^POST \/v3\/memories\/$/;
const DELETE = /^DELETE /;
const EVENT = /^GET \/v1\/event\//;
/** Long enough for a loaded machine to answer on the loopback, short enough to wait for where a server hangs. */
const TIMEOUT_MS = 250;

memoriesContract("Mem0 that adds at once", () => underContract({ adds: "at once" }));
memoriesContract("Mem0 that adds later", () => underContract({ adds: { afterRequests: 2 } }));
memoriesContract("Mem0 that heeds no metadata filter, in small pages", () =>
  underContract({ ignoresMetadata: true, pageSize: 2 }),
);

async function underContract(options: Mem0ServerOptions) {
  const server = await mem0Server(options);
  const memories = mem0Memories({ apiKey: KEY, host: server.url, clock: virtualClock() });
  const held = async (userId: string) =>
    server
      .memories()
      .filter(({ user_id }) => user_id === userId)
      .map(({ metadata }) => ({
        type: at(metadata, "type") === "factual" ? ("factual" as const) : ("semantic" as const),
        conversation_id: text(at(metadata, "conversation_id")) ?? "",
      }));
  return { memories, held, close: server.close };
}

async function made(serverOptions: Mem0ServerOptions = {}, options: Partial<Mem0Options> = {}) {
  const server = await mem0Server({ apiKey: KEY, ...serverOptions });
  onTestFinished(server.close);
  const clock = virtualClock();
  const memories = mem0Memories({ apiKey: KEY, host: server.url, timeoutMs: TIMEOUT_MS, clock, ...options });
  return { server, memories, clock };
}

function count(server: Mem0Server, what: RegExp): number {
  return server.requests.filter(({ method, path }) => what.test(`${method} ${path}`)).length;
}

const forgets = { inFlight: false };
const forgetsWhatIsInFlight = { inFlight: true };

test("sends the metadata as it is, and names no entity but the user", async () => {
  const { server, memories } = await made();
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
  });
});

test("asks for nothing that it was not asked for: no ping", async () => {
  const { server, memories } = await made();
  await memories.add(aMemory());
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /v3/memories/add/"]);
});

test("takes a host with or without a slash at its end", async () => {
  const { server } = await made();
  await mem0Memories({ apiKey: KEY, host: `${server.url}/` }).add(aMemory());
  expect(server.memories()).toHaveLength(1);
});

test("follows an add that is pending until it is there", async () => {
  const { server, memories } = await made({ adds: { afterRequests: 4 } });
  expect(await memories.add(aMemory())).toBe("added");
  expect(server.memories()).toHaveLength(1);
  expect(count(server, EVENT)).toBe(5);
});

test("takes an add for accepted when patience ends before it is there", async () => {
  const { memories, clock } = await made({ adds: "when told" }, { addPatienceMs: 5_000 });
  const before = clock.now().getTime();
  expect(await memories.add(aMemory())).toBe("accepted");
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(5_000);
  expect(clock.now().getTime() - before).toBeLessThan(8_000);
});

test("takes an add for accepted where nobody can be asked about it", async () => {
  const { server, memories } = await made({ adds: "when told", hasEvents: false });
  expect(await memories.add(aMemory())).toBe("accepted");
  expect(count(server, EVENT)).toBe(1);
});

test("goes on following an add when one look at it fails", async () => {
  const { server, memories } = await made({ adds: { afterRequests: 3 } });
  server.fail({ does: "cut" }, { on: EVENT });
  server.fail({ does: "answer", status: 502 }, { on: EVENT });
  expect(await memories.add(aMemory())).toBe("added");
});

test.each([
  ["at once", ADD, { adds: "at once" }],
  ["later", EVENT, { adds: "when told" }],
] as const)("fails an add that Mem0 says %s has failed", async (_when, on, options) => {
  const { server, memories } = await made(options);
  server.fail({ does: "answer", status: 200, body: `{"status":"FAILED"}` }, { on });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
});

test("follows an add also where its events come in a list of results", async () => {
  const { server, memories } = await made({ adds: "when told", hasEvents: false });
  const body = JSON.stringify({ results: [{ status: "PENDING", event_id: "event_1" }] });
  server.fail({ does: "answer", status: 200, body }, { on: ADD });
  server.fail({ does: "answer", status: 200, body: `{"status":"RUNNING"}` }, { on: EVENT });
  server.fail({ does: "answer", status: 200, body: `{"status":"SUCCEEDED"}` }, { on: EVENT });
  expect(await memories.add(aMemory())).toBe("added");
  expect(server.requests.at(-1)?.path).toBe("/v1/event/event_1/");
});

test("a key that is not taken is said to be so, once, and is not repeated", async () => {
  const { server } = await made();
  const memories = mem0Memories({ apiKey: "m0-another-key", host: server.url });
  const error = await memories.add(aMemory()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceRefused);
  expect(error).toHaveProperty(
    "message",
    "could not add the factual memory of conv_7 for user …29: Mem0 answered 401: check MEM0_API_KEY",
  );
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow("could not forget conv_7 for user …29");
  expect(server.requests).toHaveLength(2);
});

test.each([400, 403, 404, 409, 413, 422])("a %d is not repeated", async (status) => {
  const { server, memories } = await made();
  server.fail({ does: "answer", status }, { times: 2 });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceRefused);
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow(ServiceRefused);
  expect(server.requests).toHaveLength(2);
});

test("does not follow a redirect, which would carry the key elsewhere", async () => {
  const { server, memories } = await made();
  const elsewhere = await mem0Server();
  onTestFinished(elsewhere.close);
  const headers = { location: `${elsewhere.url}/v3/memories/` };
  server.fail({ does: "answer", status: 307, headers }, { on: LIST });
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow("Mem0 answered 307: check MEM0_HOST");
  expect(elsewhere.requests).toEqual([]);
});

test("waits as long as a 429 asks, and then adds once", async () => {
  const { server, memories, clock } = await made();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": "7" } }, { on: ADD });
  expect(await memories.add(aMemory())).toBe("added");
  expect(clock.slept).toEqual([7_000]);
  expect(server.memories()).toHaveLength(1);
});

test("waits until the date that a 429 names", async () => {
  const { server, memories, clock } = await made();
  const date = new Date(clock.now().getTime() + 9_000).toUTCString();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": date } }, { on: ADD });
  await memories.add(aMemory());
  expect(clock.slept).toHaveLength(1);
  expect(clock.slept[0]).toBeGreaterThan(7_900);
  expect(clock.slept[0]).toBeLessThanOrEqual(9_000);
});

test.each(["3600", new Date(Date.now() + 3_600_000).toUTCString()])("waits 20 s at most: %s", async (asked) => {
  const { server, memories, clock } = await made();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": asked } }, { on: ADD });
  await memories.add(aMemory());
  expect(clock.slept).toEqual([20_000]);
});

test("pauses longer each time, and gives up after so many retries", async () => {
  const { server, memories, clock } = await made({}, { retries: 4 });
  server.fail({ does: "answer", status: 429 }, { times: 5 });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
  expect(server.requests).toHaveLength(5);
  expect(clock.slept).toHaveLength(4);
  for (const [retry, ms] of clock.slept.entries()) {
    expect(ms).toBeGreaterThanOrEqual(250 * 2 ** retry);
    expect(ms).toBeLessThanOrEqual(500 * 2 ** retry);
  }
});

const unclear: [string, Fault][] = [
  ["answers 500", { does: "answer", status: 500 }],
  ["answers 503", { does: "answer", status: 503, headers: { "retry-after": "1" } }],
  ["answers 408", { does: "answer", status: 408 }],
  ["hangs", { does: "hang" }],
  ["cuts the connection", { does: "cut" }],
  ["cuts its answer", { does: "cut body", afterBytes: 3 }],
  ["stalls in its answer", { does: "stall body", afterBytes: 3 }],
  ["answers with a page", { does: "answer", status: 200, body: "<html>" }],
];

test.each(unclear)("an add is not repeated when Mem0 %s: it may have been done", async (_what, fault) => {
  const { server, memories } = await made();
  server.fail(fault, { on: ADD });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
  expect(count(server, ADD)).toBe(1);
});

test.each(unclear)("a list and a deletion are repeated when Mem0 %s", async (_what, fault) => {
  const { server, memories } = await made();
  await memories.add(aMemory());
  server.fail(fault, { on: LIST });
  server.fail(fault, { on: DELETE });
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories()).toEqual([]);
});

test("a forgetting that Mem0 never answers ends", async () => {
  const { server, memories } = await made({}, { retries: 1 });
  server.fail({ does: "hang" }, { times: Number.POSITIVE_INFINITY });
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow("Mem0 did not answer within 0.25 s");
  expect(server.requests).toHaveLength(2);
});

test("an add that was done but not answered is forgotten, and added again makes one", async () => {
  const { server, memories } = await made();
  server.fail({ does: "work, then cut" }, { on: ADD });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
  expect(server.memories()).toHaveLength(1);
  await memories.forget(USER, "conv_7", forgetsWhatIsInFlight);
  await memories.add(aMemory());
  expect(server.memories()).toHaveLength(1);
});

test("a deletion that was done but not answered is done", async () => {
  const { server, memories } = await made();
  await memories.add(aMemory());
  server.fail({ does: "work, then cut" }, { on: DELETE });
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories()).toEqual([]);
});

test("a memory that appears while nothing is left is forgotten too, when it may be in flight", async () => {
  const { server, memories, clock } = await made({ adds: { afterRequests: 4 }, hasEvents: false });
  expect(await memories.add(aMemory())).toBe("accepted");
  const before = clock.now().getTime();
  await memories.forget(USER, "conv_7", forgetsWhatIsInFlight);
  server.finishAdds();
  expect(server.memories()).toEqual([]);
  expect(count(server, DELETE)).toBe(1);
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(3_000);
});

test("does not wait for anything to appear when nothing is in flight", async () => {
  const { server, memories, clock } = await made();
  await memories.forget(USER, "conv_7", forgets);
  expect(server.requests).toHaveLength(1);
  expect(clock.slept).toEqual([]);
});

test("finds the conversation on every page", async () => {
  const { server, memories } = await made({ pageSize: 2, ignoresMetadata: true });
  for (let other = 0; other < 5; other += 1) await memories.add(aMemory({ conversation_id: `conv_other_${other}` }));
  await memories.add(aMemory());
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories().map(({ metadata }) => at(metadata, "conversation_id"))).not.toContain("conv_7");
  expect(server.memories()).toHaveLength(5);
});

test("asks for everything, also what Mem0 would not show by itself", async () => {
  const { server, memories } = await made();
  await memories.forget(USER, "conv_7", forgets);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    filters: { AND: [{ user_id: USER }, { metadata: { conversation_id: "conv_7" } }] },
    show_expired: true,
    latest_only: false,
  });
});

test("reads a list that comes without pages", async () => {
  const { server, memories } = await made();
  await memories.add(aMemory());
  const body = JSON.stringify(server.memories());
  server.fail({ does: "answer", status: 200, body }, { on: LIST });
  await memories.forget(USER, "conv_7", forgets);
  expect(server.memories()).toEqual([]);
});

test("ends on a server that gives the same page for ever", async () => {
  const { server, memories } = await made();
  const page = { next: "?page=2", results: [{ id: "1", metadata: { conversation_id: "conv_8" } }] };
  server.fail(
    { does: "answer", status: 200, body: JSON.stringify(page) },
    { on: LIST, times: Number.POSITIVE_INFINITY },
  );
  await memories.forget(USER, "conv_7", forgets);
  expect(count(server, LIST)).toBe(2);
});

test("gives up on memories that do not go, and says how many are left", async () => {
  const { server, memories } = await made();
  await memories.add(aMemory());
  await memories.add(aMemory());
  server.fail({ does: "answer", status: 200, body: "{}" }, { on: DELETE, times: Number.POSITIVE_INFINITY });
  const message = "could not forget conv_7 for user …29: Mem0 still shows 2 of its memories after 8 rounds of deleting";
  await expect(memories.forget(USER, "conv_7", forgets)).rejects.toThrow(message);
  expect(count(server, DELETE)).toBe(16);
});

const echo = `They moved to Duluth. ${USER} ${KEY}`;

test.each<[string, Fault]>([
  ["a refusal", { does: "answer", status: 400, body: JSON.stringify({ error: echo }) }],
  ["a failure", { does: "answer", status: 500, body: echo }],
  ["an answer that is not JSON", { does: "answer", status: 200, body: echo }],
  ["a cut connection", { does: "cut" }],
  ["a timeout", { does: "hang" }],
  ["a failed add", { does: "answer", status: 200, body: JSON.stringify({ status: "FAILED", error: echo }) }],
])("the error of %s says nothing of the caller, of what was said, or of the key", async (_what, fault) => {
  const { server, memories } = await made({}, { retries: 0 });
  server.fail(fault);
  const error = await memories.add(aMemory()).catch((thrown: unknown) => thrown);
  const everything = inspect(error, { depth: null, showHidden: true });
  expect(error).toBeInstanceOf(Error);
  for (const secret of ["6129782029", "Duluth", KEY]) expect(everything).not.toContain(secret);
});

test("a key that cannot be sent is refused at once, and not shown", () => {
  expect(() => mem0Memories({ apiKey: " \n" })).toThrow("MEM0_API_KEY is empty");
  expect(() => mem0Memories({ apiKey: "m0-half\nm0-other" })).toThrow(/^MEM0_API_KEY holds a character (?!.*m0-)/);
});

test("a line break around the key is not part of it", async () => {
  const { server } = await made();
  await mem0Memories({ apiKey: `${KEY}\n`, host: server.url }).add(aMemory());
  expect(server.memories()).toHaveLength(1);
});

test("talks to nobody but Mem0, prints nothing, and writes nothing in the home folder", async () => {
  const server = await mem0Server({ adds: { afterRequests: 1 } });
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
