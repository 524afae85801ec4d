import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { ServiceRefused, ServiceUnavailable } from "../../../../handlers/clients/http/service-errors.ts";
import { mem0Memories } from "../../../../handlers/clients/memory/mem0.client.ts";
import type { Fault } from "../../../support/servers/faulty-server.ts";
import { mem0Server } from "../../../support/servers/mem0-server.ts";
import { ADD, aMem0, count, DELETE, KEY, LIST } from "./a-mem0.ts";
import { aMemory } from "./a-memory.ts";

const USER = "+16129782029";
/** For a server that does not answer. Other tests keep the default of 20 s, for a loaded machine. */
const SOON = { timeoutMs: 400 };

test("a refused key is reported, and the request is not retried", async () => {
  const { server } = await aMem0();
  const memories = mem0Memories({ apiKey: "m0-another-key", host: server.url });
  const error = await memories.add(aMemory()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceRefused);
  expect(error).toHaveProperty(
    "message",
    "could not add the factual memory of conv_7 for user …29: Mem0 answered 401: check MEM0_API_KEY",
  );
  await expect(memories.forget(USER, "conv_7", { inFlight: false })).rejects.toThrow(
    "could not forget conv_7 for user …29",
  );
  expect(server.requests).toHaveLength(2);
});

test.each([400, 403, 404, 409, 413, 422])("a %d is not retried", async (status) => {
  const { server, memories } = await aMem0();
  server.fail({ does: "answer", status }, { times: 2 });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceRefused);
  await expect(memories.forget(USER, "conv_7", { inFlight: false })).rejects.toThrow(ServiceRefused);
  expect(server.requests).toHaveLength(2);
});

const SAID = "My card ends in 4417, and I live at 12 Elm Street.";
const REFUSALS: [string, unknown, string][] = [
  ["an error", { error: "Messages are too long" }, "Mem0 answered 400: Messages are too long"],
  ["a detail", { detail: "Invalid metadata" }, "Mem0 answered 400: Invalid metadata"],
  ["a message", { message: "No entity\n given" }, "Mem0 answered 400: No entity given"],
  ["a field's errors", { messages: ["This list may not be empty."] }, "Mem0 answered 400"],
  ["a very long error", { error: "x".repeat(1000) }, `Mem0 answered 400: ${"x".repeat(299)}…`],
  ["nothing but a page", "<html>", "Mem0 answered 400"],
  ["what was said, in the error", { error: `Invalid content: ${SAID.slice(0, 30)}…` }, "Mem0 answered 400"],
  ["what was said, in other spaces", { error: `bad: MY  CARD ends in 4417` }, "Mem0 answered 400"],
  ["a short message that was said", { error: "cannot read: Jim B." }, "Mem0 answered 400"],
  ["the user", { error: "user +16129782029 is over its limit" }, "Mem0 answered 400"],
  ["what was said, and a reason", { error: SAID, detail: "Too long" }, "Mem0 answered 400: Too long"],
];

test.each(REFUSALS)(
  "the error for a 400 has Mem0's reason, and nothing of what was sent: %s",
  async (_, answer, reason) => {
    const { server, memories } = await aMem0();
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    server.fail({ does: "answer", status: 400, body }, { on: ADD });
    const messages = [
      { role: "user", content: SAID },
      { role: "user", content: "Jim B." },
    ] as const;
    const error = await memories.add(aMemory({ messages })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceRefused);
    expect(error).toHaveProperty("message", `could not add the factual memory of conv_7 for user …29: ${reason}`);
  },
);

test.each<Fault>([
  { does: "cut body", afterBytes: 5 },
  { does: "stall body", afterBytes: 5 },
])("a refusal stays a refusal if its reason does not arrive: $does", async (fault) => {
  const { server } = await aMem0();
  const memories = mem0Memories({ apiKey: "m0-another-key", host: server.url, ...SOON });
  server.fail(fault, { on: ADD });
  await expect(memories.add(aMemory())).rejects.toThrow("Mem0 answered 401: check MEM0_API_KEY");
});

test("does not send the key to the target of a redirect", async () => {
  const { server, memories } = await aMem0();
  const elsewhere = await mem0Server();
  onTestFinished(elsewhere.close);
  const headers = { location: `${elsewhere.url}/v3/memories/` };
  server.fail({ does: "answer", status: 307, headers }, { on: LIST });
  await expect(memories.forget(USER, "conv_7", { inFlight: false })).rejects.toThrow(
    "Mem0 answered 307: check MEM0_HOST",
  );
  expect(elsewhere.requests).toEqual([]);
});

test("pauses as long as a 429 requests, then adds once", async () => {
  const { server, memories, clock } = await aMem0();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": "7" } }, { on: ADD });
  expect(await memories.add(aMemory())).toBe("added");
  expect(clock.slept).toEqual([7_000]);
  expect(server.memories()).toHaveLength(1);
});

test("pauses until the date in a 429", async () => {
  const { server, memories, clock } = await aMem0();
  const date = new Date(clock.now().getTime() + 9_000).toUTCString();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": date } }, { on: ADD });
  await memories.add(aMemory());
  expect(clock.slept).toHaveLength(1);
  expect(clock.slept[0]).toBeGreaterThan(7_900);
  expect(clock.slept[0]).toBeLessThanOrEqual(9_000);
});

test.each(["3600", new Date(Date.now() + 3_600_000).toUTCString()])("pauses at most 20 s: %s", async (requested) => {
  const { server, memories, clock } = await aMem0();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": requested } }, { on: ADD });
  await memories.add(aMemory());
  expect(clock.slept).toEqual([20_000]);
});

test("pauses longer each time, and stops after the last retry", async () => {
  const { server, memories, clock } = await aMem0({}, { retries: 4 });
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

function neverEnds({ does }: Fault): boolean {
  return does === "hang" || does === "stall body";
}

test.each(unclear)("an add is not retried when Mem0 %s: it may have been done", async (_what, fault) => {
  const { server, memories } = await aMem0({}, neverEnds(fault) ? SOON : {});
  server.fail(fault, { on: ADD });
  await expect(memories.add(aMemory())).rejects.toThrow(ServiceUnavailable);
  expect(count(server, ADD)).toBe(1);
});

test.each(unclear)("a list and a deletion are retried when Mem0 %s", async (_what, fault) => {
  const { server, memories } = await aMem0({}, neverEnds(fault) ? SOON : {});
  await memories.add(aMemory());
  server.fail(fault, { on: LIST });
  server.fail(fault, { on: DELETE });
  await memories.forget(USER, "conv_7", { inFlight: false });
  expect(server.memories()).toEqual([]);
});

test("forgetting ends when Mem0 never answers", async () => {
  const { server, memories } = await aMem0({}, { retries: 1, ...SOON });
  server.fail({ does: "hang" }, { times: Number.POSITIVE_INFINITY });
  await expect(memories.forget(USER, "conv_7", { inFlight: false })).rejects.toThrow(
    "Mem0 did not answer within 0.4 s",
  );
  expect(server.requests).toHaveLength(2);
});

const echo = `Duluth is where they moved. ${USER} ${KEY}`;

test.each<[string, Fault]>([
  ["a refusal", { does: "answer", status: 400, body: JSON.stringify({ error: echo }) }],
  ["a failure", { does: "answer", status: 500, body: echo }],
  ["an answer that is not JSON", { does: "answer", status: 200, body: echo }],
  ["a cut connection", { does: "cut" }],
  ["a timeout", { does: "hang" }],
  ["a failed add", { does: "answer", status: 200, body: JSON.stringify({ status: "FAILED", error: echo }) }],
])("the error of %s contains nothing of the caller, of what was said, or of the key", async (_what, fault) => {
  const { server, memories } = await aMem0({}, { retries: 0, ...(neverEnds(fault) ? SOON : {}) });
  server.fail(fault);
  const error = await memories.add(aMemory()).catch((thrown: unknown) => thrown);
  const everything = inspect(error, { depth: null, showHidden: true });
  expect(error).toBeInstanceOf(Error);
  for (const secret of ["6129782029", "Duluth", KEY]) expect(everything).not.toContain(secret);
});

test("a malformed key is refused at once, and not shown", () => {
  expect(() => mem0Memories({ apiKey: " \n" })).toThrow("MEM0_API_KEY is empty");
  expect(() => mem0Memories({ apiKey: "m0-half\nm0-other" })).toThrow(/^MEM0_API_KEY has a character (?!.*m0-)/);
});

test("a line break around the key is not part of it", async () => {
  const { server } = await aMem0();
  await mem0Memories({ apiKey: `${KEY}\n`, host: server.url }).add(aMemory());
  expect(server.memories()).toHaveLength(1);
});
