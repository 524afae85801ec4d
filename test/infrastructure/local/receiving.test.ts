import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { signature } from "../../../handlers/receive/signature.ts";
import { anAudio, aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, SECRET, tree } from "../../support/fixtures/local.ts";

const KEY = "12025550101/conv_1.json";

test("responds when the bytes are stored, and writes recording, rows and memory soon after", async () => {
  const folder = await newFolder();
  const { url, queue } = await aRunningArchive(folder);
  expect(await post(url, aTranscription())).toEqual({ status: 200, answer: { status: "stored", key: KEY } });
  expect(await readFile(join(folder, "archive", KEY))).toEqual(aTranscription());
  await post(url, anAudio());
  await queue.idle();
  expect(await readFile(join(folder, "archive/12025550101/conv_1.mp3"))).toEqual(MP3);
  expect((await tree(join(folder, "analytics/live"))).map((line) => line.split(" ")[0])).toEqual([
    "conversations/dt=2026-11-20/hr=10/conv_1.parquet",
    "recordings/dt=2026-11-20/hr=10/conv_1.parquet",
    "turns/dt=2026-11-20/hr=10/conv_1.parquet",
  ]);
  expect((await readFile(join(folder, "memories/+12025550101.jsonl"), "utf8")).split("\n")).toHaveLength(3);
});

test("responds to each case with one JSON object", async () => {
  const { url } = await aRunningArchive(await newFolder(), { MAX_BODY_BYTES: "10000" });
  const fits = Buffer.alloc(10_000, " ");
  const unsigned = { "elevenlabs-signature": "t=1,v0=ab" };
  expect(await post(url, "not json")).toMatchObject({ status: 200, answer: { status: "unrouted" } });
  expect(await post(url, aTranscription(), unsigned)).toMatchObject({ status: 401, answer: { status: "refused" } });
  expect(await post(url, fits)).toMatchObject({ status: 200 });
  expect(await post(url, Buffer.alloc(10_001, " "))).toMatchObject({ status: 413, answer: { status: "refused" } });
  const get = await fetch(`${url}/post-call`);
  expect([get.status, get.headers.get("allow"), await get.json()]).toMatchObject([405, "POST", { status: "refused" }]);
  const elsewhere = await fetch(`${url}/elsewhere`, { method: "POST", body: "x" });
  expect([elsewhere.status, await elsewhere.json()]).toMatchObject([404, { status: "refused" }]);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({
    status: "ok",
    pending: expect.any(Number),
    failed: 0,
    waiting: 0,
  });
});

test("accepts a delivery at its path with additional slashes", async () => {
  const { url } = await aRunningArchive(await newFolder());
  for (const path of ["/post-call/", "//post-call", "//post-call/?from=a-proxy"]) {
    const headers = { "elevenlabs-signature": signature(aTranscription(), SECRET, new Date()) };
    const response = await fetch(`${url}${path}`, { method: "POST", body: aTranscription(), headers });
    expect([path, response.status]).toEqual([path, 200]);
  }
});

test("logs only path and status of requests with another path or method", async () => {
  const { url, log } = await aRunningArchive(await newFolder());
  await fetch(`${url}/${"x".repeat(500)}/+12025550101/a?token=secret`, { method: "POST", body: "words" });
  await fetch(`${url}/post-call?token=secret`);
  await fetch(`${url}/health`, { method: "DELETE" });
  const logged = log.filter(({ event }) => event === "not a delivery");
  expect(logged).toEqual([
    { event: "not a delivery", path: expect.stringMatching(/^\/x{50,200}…$/), status: 404 },
    { event: "not a delivery", path: "/post-call", status: 405 },
    { event: "not a delivery", path: "/health", status: 405 },
  ]);
  await fetch(`${url}/hooks/+12025550101`);
  expect(log).toContainEqual({ event: "not a delivery", path: "/hooks/***01", status: 404 });
});

test("reports its health to HEAD, too", async () => {
  const { url } = await aRunningArchive(await newFolder());
  const head = await fetch(`${url}/health`, { method: "HEAD" });
  const get = await fetch(`${url}/health`);
  expect([head.status, await head.text(), head.headers.get("content-type")]).toEqual([200, "", "application/json"]);
  expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  const put = await fetch(`${url}/health/`, { method: "PUT" });
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("refuses a body of unknown length that is too long, and replies while it is still being sent", async () => {
  const { url } = await aRunningArchive(await newFolder(), { MAX_BODY_BYTES: "100000" });
  const endless = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(10_000)));
  const headers = { "elevenlabs-signature": signature(Buffer.alloc(0), SECRET, new Date()) };
  const sent = { method: "POST", headers, body: Readable.toWeb(endless), duplex: "half" as const };
  const response = await fetch(`${url}/post-call`, sent);
  expect(response.status).toBe(413);
});

test("accepts a signature header that was sent twice", async () => {
  const { url } = await aRunningArchive(await newFolder());
  const body = aTranscription();
  const genuine = signature(body, SECRET, new Date());
  const other = signature(body, "wsec_other", new Date());
  const headers = ["host", "localhost", "elevenlabs-signature", other, "elevenlabs-signature", genuine];
  const status = await new Promise((resolve, reject) => {
    request(`${url}/post-call`, { method: "POST", headers: [...headers, "content-length", String(body.length)] })
      .on("response", (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end(body);
  });
  expect(status).toBe(200);
});

test("stores fifty simultaneous deliveries of a call once, and its memories once", async () => {
  const folder = await newFolder();
  const { url, queue } = await aRunningArchive(folder);
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(url, aTranscription())));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await queue.idle();
  const memories = await readFile(join(folder, "memories/+12025550101.jsonl"), "utf8");
  expect(
    memories
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type),
  ).toEqual(["factual", "semantic"]);
});

test("continues to receive after a sender disconnects in the middle of its body", async () => {
  const { url, log } = await aRunningArchive(await newFolder());
  await new Promise((resolve) => {
    const headers = {
      "content-length": "1000",
      "elevenlabs-signature": signature(Buffer.alloc(0), SECRET, new Date()),
    };
    const cut = request(`${url}/post-call`, { method: "POST", headers });
    cut.on("error", resolve);
    cut.write("half of it", () => cut.destroy());
    cut.on("close", resolve);
  });
  await expect.poll(() => log).toContainEqual(expect.objectContaining({ event: "delivery cut" }));
  expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
});

test("responds 500 when the disk refuses a put, so that the sender retries, and accepts the retry", async () => {
  const folder = await newFolder();
  const { url, queue } = await aRunningArchive(folder);
  // A file in place of the folder makes the put fail, even for root.
  await rm(join(folder, "archive/12025550101"), { recursive: true, force: true });
  await writeFile(join(folder, "archive/12025550101"), "");
  expect(await post(url, aTranscription())).toMatchObject({ status: 500, answer: { status: "failed" } });
  await rm(join(folder, "archive/12025550101"));
  expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
  await queue.idle();
});

test("counts a dead letter until a good object replaces the bad one", async () => {
  const folder = await newFolder();
  const { url, queue, ...archive } = await aRunningArchive(folder);
  await post(url, anAudio({ full_audio: "!!!" }));
  await queue.idle();
  expect(await (await fetch(`${url}/health`)).json()).toEqual({
    status: "degraded",
    pending: 0,
    failed: 1,
    waiting: 0,
    reason: "1 object is in the dead letters: npm run redrive lists them with reasons",
  });
  expect(archive.log).toContainEqual(expect.objectContaining({ event: "dead-lettered", attempt: 1 }));
  const letter = JSON.parse(await readFile(join(folder, "dead-letters/_audio/conv_1.json"), "utf8"));
  expect(letter).toMatchObject({ key: "_audio/conv_1.json", reason: expect.stringMatching("not base64") });
  await post(url, anAudio());
  await queue.idle();
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok", failed: 0 });
});

test("no longer counts a dead letter whose object was deleted", async () => {
  const folder = await newFolder();
  const { url, queue } = await aRunningArchive(folder);
  const health = async () => (await fetch(`${url}/health`)).json();
  await post(url, anAudio({ full_audio: "!!!" }));
  await queue.idle();
  expect(await health()).toMatchObject({ failed: 1 });
  await rm(join(folder, "archive/_audio/conv_1.json"));
  await expect.poll(health).toMatchObject({ failed: 0 });
});

test("logs no phone number, no word of a call and no secret", async () => {
  const { url, queue, log } = await aRunningArchive(await newFolder());
  await post(url, aTranscription());
  await post(url, aTranscription({ full_audio: "!!!" }));
  await post(url, aTranscription(), { "elevenlabs-signature": "t=1,v0=ab" });
  await queue.idle();
  expect(log.length).toBeGreaterThan(3);
  expect(JSON.stringify(log)).not.toMatch(/2025550101|money|wsec|v0=/);
});

test("refuses a folder that another process holds", async () => {
  const folder = await newFolder();
  await aRunningArchive(folder);
  await writeFile(join(folder, "lock"), String(process.ppid));
  await expect(aRunningArchive(folder)).rejects.toThrow(/already runs/);
});

test("creates and stores a secret if none is set", async () => {
  const folder = await newFolder();
  const first = await aRunningArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: "" });
  await first.close();
  const second = await aRunningArchive(folder, { ELEVENLABS_WEBHOOK_SECRET: " " });
  expect(first.secrets[0]).toMatch(/^wsec_[0-9a-f]{64}$/);
  expect(second.secrets).toEqual(first.secrets);
});

test.each(["put", "replaced", "touched"])("processes a file that is %s by hand", async (how) => {
  const folder = await newFolder();
  const { url, queue, log } = await aRunningArchive(folder);
  const path = join(folder, "archive", KEY);
  const timesProcessed = () => log.filter(({ event }) => event === "processed").length;
  if (how === "put") {
    await mkdir(join(folder, "archive/12025550101"), { recursive: true });
    await writeFile(path, aTranscription());
    return expect.poll(timesProcessed).toBe(1);
  }
  await post(url, aTranscription());
  await queue.idle();
  await writeFile(path, aTranscription(how === "replaced" ? { status: "failed" } : {}));
  await expect.poll(timesProcessed).toBe(2);
});

test("releases the folder if it cannot listen", async () => {
  const first = await aRunningArchive(await newFolder());
  const { port } = new URL(first.url);
  const folder = await newFolder();
  await expect(aRunningArchive(folder, { PORT: port })).rejects.toThrow(/EADDRINUSE/);
  await aRunningArchive(folder);
});
