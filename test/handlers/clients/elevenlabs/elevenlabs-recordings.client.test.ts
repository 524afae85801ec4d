import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ElevenLabsOptions } from "../../../../handlers/clients/elevenlabs/elevenlabs-api.client.ts";
import { elevenLabsRecordings } from "../../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { ServiceRefused, ServiceUnavailable } from "../../../../handlers/clients/http/service-errors.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";
import type { Fault } from "../../../support/servers/faulty-server.ts";

const KEY = "sk_a-secret-key";
/** Larger than any buffer between server and client. */
const RECORDING = Buffer.alloc(3_000_000, "a recording ");

async function made(options: Partial<ElevenLabsOptions> = {}) {
  const server = await elevenLabsServer({ apiKey: KEY });
  onTestFinished(server.close);
  server.recordings.set("conv_7", RECORDING);
  const clock = virtualClock();
  const source = elevenLabsRecordings({ apiKey: KEY, baseUrl: server.url, clock, ...options });
  return { server, source, clock };
}

type Source = ReturnType<typeof elevenLabsRecordings>;

async function streamOf(source: Source, id = "conv_7"): Promise<Readable | undefined> {
  const stream = await source.recording(id);
  if (stream === "no conversation") throw new Error("the conversation is there");
  return stream;
}

async function bytesOf(source: Source, id = "conv_7"): Promise<Buffer | undefined> {
  const stream = await streamOf(source, id);
  return stream && buffer(stream);
}

test("returns the recording unchanged", async () => {
  const { source } = await made();
  expect(RECORDING.equals((await bytesOf(source)) ?? Buffer.alloc(0))).toBe(true);
});

test("returns nothing if there is no recording", async () => {
  const { source, server } = await made();
  expect(await source.recording("conv_8")).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test.each<[string, Fault]>([
  ["400", { does: "answer", status: 400, body: "no JSON" }],
  ["404", { does: "answer", status: 404, body: '{"detail":"Not Found"}' }],
  ["422", { does: "answer", status: 422, body: '{"detail":[]}' }],
  ["an empty 200", { does: "answer", status: 200, headers: { "content-type": "audio/mpeg" }, body: "" }],
  ["an empty 200 of another type", { does: "answer", status: 200, headers: { "content-type": "text/html" }, body: "" }],
])("%s means that there is none yet, and is not retried", async (_what, fault) => {
  const { source, server } = await made();
  server.fail(fault);
  expect(await source.recording("conv_7")).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test("reports that the conversation itself is unknown", async () => {
  const { source, server } = await made();
  server.deleted.add("conv_7");
  expect(await source.recording("conv_7")).toBe("no conversation");
});

test.each([402, 409, 410])("a %d is a refusal", async (status) => {
  const { source, server } = await made();
  server.fail({ does: "answer", status });
  await expect(source.recording("conv_7")).rejects.toThrow(ServiceRefused);
});

test("an id of any characters stays one part of the path", async () => {
  const { source, server } = await made();
  server.recordings.set("../a b/?", Buffer.from("odd"));
  expect(String(await bytesOf(source, "../a b/?"))).toBe("odd");
  expect(server.requests[0]?.path).toBe("/v1/convai/conversations/..%2Fa%20b%2F%3F/audio");
});

test.each([401, 403])("a %d advises to check the key, and is not retried", async (status) => {
  const { source, server } = await made();
  server.fail({ does: "answer", status });
  const error = await source.recording("conv_7").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceRefused);
  expect(error).toHaveProperty(
    "message",
    `could not fetch the recording of conv_7: ElevenLabs answered ${status}: check ELEVENLABS_API_KEY`,
  );
  expect(server.requests).toHaveLength(1);
});

test("does not send the key to the target of a redirect", async () => {
  const { source, server } = await made();
  const elsewhere = await elevenLabsServer();
  onTestFinished(elsewhere.close);
  server.fail({ does: "answer", status: 302, headers: { location: elsewhere.url } });
  await expect(source.recording("conv_7")).rejects.toThrow("answered 302: check ELEVENLABS_API_URL");
  expect(elsewhere.requests).toEqual([]);
});

test("pauses as long as a 429 requests", async () => {
  const { source, server, clock } = await made();
  server.fail({ does: "answer", status: 429, headers: { "retry-after": "3" } }, { times: 2 });
  expect(await bytesOf(source)).toHaveLength(RECORDING.length);
  expect(clock.slept).toEqual([3_000, 3_000]);
});

test.each<[string, Fault]>([
  ["fails", { does: "answer", status: 500 }],
  ["hangs", { does: "hang" }],
  ["cuts the connection", { does: "cut" }],
  ["is overloaded", { does: "answer", status: 429 }],
])("retries when ElevenLabs %s, up to the limit", async (_what, fault) => {
  const { source, server } = await made({ retries: 2, ...(fault.does === "hang" && { timeoutMs: 400 }) });
  server.fail(fault, { times: 2 });
  expect(await bytesOf(source)).toHaveLength(RECORDING.length);
  server.fail(fault, { times: 3 });
  await expect(source.recording("conv_7")).rejects.toThrow(ServiceUnavailable);
  expect(server.requests).toHaveLength(6);
});

test.each(["application/json", "text/html; charset=utf-8", ""])("does not take %s for a recording", async (type) => {
  const { source, server } = await made({ retries: 0 });
  const headers = type === "" ? {} : { "content-type": type };
  server.fail({ does: "answer", status: 200, headers, body: "Please log in." });
  await expect(source.recording("conv_7")).rejects.toThrow("which is not a recording");
});

test.each(["audio/mpeg", "audio/mpeg; charset=binary", "application/octet-stream", "binary/octet-stream"])(
  "takes %s for a recording",
  async (type) => {
    const { source, server } = await made();
    server.fail({ does: "answer", status: 200, headers: { "content-type": type }, body: "sound" });
    expect(String(await bytesOf(source))).toBe("sound");
  },
);

test("the stream fails when the recording is cut before its promised length", async () => {
  const { source, server } = await made();
  server.fail({ does: "cut body", afterBytes: 1_000_000 });
  await expect(bytesOf(source)).rejects.toThrow("the recording of conv_7 was cut before its end");
});

test("the stream fails when the recording stalls", async () => {
  const { source, server } = await made({ stallMs: 100 });
  server.fail({ does: "stall body", afterBytes: 1_000_000 });
  await expect(bytesOf(source)).rejects.toThrow("the recording of conv_7 stalled for 0.1 s");
});

test("a recording that has begun may be read much later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { source } = await made();
  const stream = await streamOf(source);
  vi.advanceTimersByTime(3_600_000);
  expect(stream && (await buffer(stream))).toHaveLength(RECORDING.length);
});

test("destroying the stream closes the connection", async () => {
  const { source, server } = await made();
  server.fail({ does: "stall body", afterBytes: 10 });
  const stream = await streamOf(source);
  expect(await server.connections()).toBe(1);
  stream?.resume().destroy();
  if (stream) await once(stream, "close");
  await expect.poll(() => server.connections()).toBe(0);
});

test("no error shows the key", async () => {
  const { source, server } = await made({ retries: 0 });
  server.fail({ does: "answer", status: 409, body: `{"detail":"${KEY}"}` });
  const error = await source.recording("conv_7").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceRefused);
  expect(inspect(error, { depth: null })).not.toContain(KEY);
  expect(() => elevenLabsRecordings({ apiKey: "sk\nkey" })).toThrow(/^ELEVENLABS_API_KEY has a character/);
});
