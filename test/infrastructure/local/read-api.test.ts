import { request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { at, entries, list } from "../../../handlers/call/json.ts";
import { MOST_AT_ONCE } from "../../../handlers/read/http/app.ts";
import { folderReadDeps } from "../../../infrastructure/local/folder-read-deps.ts";
import { folderStores } from "../../../infrastructure/local/folder-stores.ts";
import { serveReadApi } from "../../../infrastructure/local/read-server.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { QueryFailed } from "../../../queries/engine/query-engine.ts";
import { aFailure, anAudio, aTranscription, MP3, transcriptOf } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, tree } from "../../support/fixtures/local.ts";

const RANGE = "from=2026-11-01&to=2026-11-30";
const CALL = aTranscription({
  transcript: transcriptOf("Hello, how can I help?", "I want 100% of it_ back: '\\' 🙂 שלום"),
  conversation_initiation_client_data: { dynamic_variables: { order: "=7" } },
});

/** An archive with the call conv_1, its recording and the failed attempt conv_2. */
async function anArchive(env: Record<string, string> = {}) {
  const folder = await newFolder();
  const archive = await aRunningArchive(folder, env);
  await post(archive.url, CALL);
  await post(archive.url, anAudio());
  await post(archive.url, aFailure({ conversation_id: "conv_2" }));
  await archive.queue.idle();
  const api = `${archive.url}/api/v1`;
  const get = (path: string, headers: Record<string, string> = {}) => read(`${api}${path}`, { headers });
  const json = async (path: string): Promise<unknown> => JSON.parse((await get(path)).text);
  return { ...archive, folder, get, json };
}

/** A response that is read to its end, so that its connection is idle. */
async function read(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

test("answers every path, in the process that receives calls", async () => {
  const { get, json, url, folder, queue } = await anArchive();
  const before = await tree(folder, (path) => !path.startsWith("tmp"));

  const calls = await json(`/calls?${RANGE}`);
  const ids = list(at(calls, "items")).map((row) => at(row, "conversation_id"));
  // The failed attempt is later: it has the time of its event.
  expect(ids).toEqual(["conv_2", "conv_1"]);
  expect(at(calls, "next_cursor")).toBeNull();
  const [, listed] = list(at(calls, "items"));
  const call = await json("/calls/conv_1");
  expect(at(call, "conversation")).toEqual(listed);
  expect(at(call, "archive")).toMatchObject({
    raw_key: "12025550101/conv_1.json",
    audio_key: "12025550101/conv_1.mp3",
    signature: "valid",
    steps: ["audio", "rows", "memory"].map((step) => ({ step, state: "done", reason: null })),
  });
  expect(list(at(call, "turns"))).toHaveLength(2);
  expect(at(call, "variables")).toMatchObject([{ name: "order", value: "=7" }]);
  expect(at(call, "recording")).toMatchObject({ audio_bytes: MP3.length });
  expect(list(at(call, "memories")).map((memory) => at(memory, "type"))).toEqual(["factual", "semantic"]);
  const attempt = await json("/calls/conv_2");
  expect(attempt).toMatchObject({ conversation: { status: "initiation_failure" }, turns: [] });
  // Also a row with few values has every column.
  expect(Object.keys(at(attempt, "conversation") ?? {}).sort()).toEqual(Object.keys(listed ?? {}).sort());
  expect((await get("/calls/conv_1/raw")).bytes).toEqual(CALL);
  expect((await get("/calls/conv_1/transcript")).text).toContain("00:05 user: I want 100% of it_ back");

  const whole = await get("/calls/conv_1/recording");
  expect(whole.bytes).toEqual(MP3);
  const part = await get("/calls/conv_1/recording", { range: "bytes=10-19" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 10-19/${MP3.length}`]);
  expect(part.bytes).toEqual(MP3.subarray(10, 20));

  const hits = await json(`/search?phrase=${encodeURIComponent("100% of it_ back: '\\' 🙂")}&${RANGE}`);
  expect(at(hits, "items")).toMatchObject([
    { conversation_id: "conv_1", turn_index: 1, before: "Hello, how can I help?", after: null },
  ]);
  expect(await json("/callers/%2B12025550101")).toMatchObject({
    caller: "12025550101",
    call_count: 1,
    memories: [{}, {}],
  });
  expect(await json(`/calls/facets?${RANGE}`)).toMatchObject({
    calls: 2,
    outcome: [{ value: "success", calls: 1 }, {}],
  });
  expect(await json(`/overview?${RANGE}`)).toMatchObject({
    current: { calls: 1, failed_attempts: 1 },
    previous: { calls: 0 },
  });
  expect(await json(`/archive?${RANGE}`)).toMatchObject({
    days: [{ day: "2026-11-20", calls: 1, rows: 1, recordings: 1, memories: 1, closed: false }],
    dead_letters: [],
  });
  expect(at(await json("/questions"), "items")).toContainEqual(expect.objectContaining({ name: "calls-per-day" }));
  expect(await json(`/questions/calls-per-day?${RANGE}`)).toMatchObject({
    items: [{ calls: 1 }],
    is_cut: false,
    values: { from: "2026-11-01", to: "2026-11-30" },
  });
  const csv = await get(`/questions/variable-values?${RANGE}&name=order&format=csv`);
  expect([csv.headers.get("content-type"), csv.text]).toEqual([
    "text/csv; charset=utf-8",
    expect.stringContaining("'=7"),
  ]);
  expect(entries(at(await json("/openapi.json"), "paths"))).toHaveLength(14);

  // A new day, and the first row of a table, are there without a restart.
  await post(url, aTranscription({ conversation_id: "conv_3", metadata: { start_time_unix_secs: 1_795_000_000 } }));
  await queue.idle();
  expect(list(at(await json(`/calls?${RANGE}&limit=1&sort=started_at`), "items"))).toHaveLength(1);
  expect(list(at(await json(`/calls?${RANGE}`), "items"))).toHaveLength(3);
  expect((await read(`${url}/health`)).status).toBe(200);
  expect(await tree(folder, (path) => !path.startsWith("tmp") && !/conv_3|watch|memories/.test(path))).toEqual(
    before.filter((line) => !/memories/.test(line)),
  );
});

test("a problem states what to do, and nothing is answered with 5xx", async () => {
  const { get, url } = await anArchive();
  const cases: [path: string, status: number, headers?: Record<string, string>][] = [
    ["/calls?colour=red", 400],
    ["/calls?limit=501", 400],
    ["/calls?limit=0", 400],
    ["/calls?limit=1&limit=2", 400],
    ["/calls?sort=caller", 400],
    ["/calls?from=2026-02-30", 400],
    ["/calls?from=2026-11-02&to=2026-11-01", 400],
    ["/calls?cursor=abc", 400],
    ["/calls?min_duration=-1", 400],
    ["/calls?has_recording=maybe", 400],
    [`/search?phrase=${"x".repeat(10_000)}`, 400],
    ["/search", 400],
    ["/search?phrase=a&speaker=dog", 400],
    ["/calls/conv_9", 404],
    ["/calls/..%2F..%2Fetc%2Fpasswd", 404],
    ["/calls/%00", 404],
    ["/calls/%E0%A4%A", 404],
    ["/calls/conv_1?format=xml", 400],
    ["/calls/conv_1/transcript?format=xml", 400],
    ["/calls/conv_2/recording", 404],
    ["/calls/conv_1/recording", 416, { range: "bytes=999999-" }],
    ["/callers/nothing", 404],
    ["/questions/nothing", 404],
    ["/questions/find-phrase", 400],
    ["/questions/calls-per-day?from=yesterday", 400],
    ["/questions/calls-per-day?from=2026-11-30&to=2026-11-01", 400],
    ["/questions/calls-per-day?colour=red", 400],
    ["/nothing", 404],
    ["", 404],
  ];
  for (const [path, status, headers] of cases) {
    const response = await get(path, headers);
    const problem: unknown = JSON.parse(response.text);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      status,
      "application/problem+json",
    ]);
    expect(problem).toMatchObject({ status, title: /./, detail: /.{20}/ });
  }
  const posted = await read(`${url}/api/v1/calls`, { method: "POST", body: "{}" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("answers conditional requests and HEAD, compresses text, and allows no other site", async () => {
  const { get, url } = await anArchive();
  for (const path of ["/calls/conv_1", "/calls/conv_1/raw", "/calls/conv_1/recording", "/calls/conv_1/transcript"]) {
    const first = await get(path);
    const etag = first.headers.get("etag") ?? "";
    const again = await get(path, { "if-none-match": etag });
    expect([path, again.status, again.text]).toEqual([path, 304, ""]);
    expect((await get(path, { "if-none-match": '"other"' })).status).toBe(200);
    const head = await read(`${url}/api/v1${path}`, { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
  }
  const whole = await get("/calls/conv_1/recording", { range: "bytes=0-1", "if-range": '"other"' });
  expect(whole.status).toBe(200);
  const compressed = await get("/openapi.json", { "accept-encoding": "gzip" });
  expect(compressed.headers.get("content-encoding")).toBe("gzip");
  expect(compressed.headers.get("x-content-type-options")).toBe("nosniff");
  expect(compressed.headers.get("access-control-allow-origin")).toBeNull();
  expect((await get("/calls/conv_1", { origin: "http://evil.example" })).status).toBe(403);
  expect(await statusWithHost(url, "evil.example")).toBe(403);
});

test("a deleted call is gone, and a call whose JSON was removed is not found", async () => {
  const { archive, get } = await anArchive();
  const index = await archive.get("_index/conv_1");
  await archive.delete("12025550101/conv_1.json");
  expect((await get("/calls/conv_1")).status).toBe(404);
  const deleted = { at: "2026-11-30T00:00:00.000Z", reason: "request" };
  const changed = { ...JSON.parse(String(index?.body)), deleted };
  await archive.put("_index/conv_1", Buffer.from(JSON.stringify(changed)));
  expect((await get("/calls/conv_1")).status).toBe(410);
  await archive.put("_index/conv_1", Buffer.from("{"));
  expect((await get("/calls/conv_1")).status).toBe(409);
});

test("on an address that others reach, a request needs the token that is printed", async () => {
  const { url, readUrl } = await anArchive({ HOST: "0.0.0.0" });
  expect((await read(`${url}/api/v1/questions`)).status).toBe(401);
  const token = new URL(readUrl).searchParams.get("token") ?? "";
  expect(token.length).toBeGreaterThan(20);
  expect((await read(`${url}/api/v1/questions?token=${token}`)).status).toBe(200);
  const authorization = `Bearer ${token}`;
  expect((await read(`${url}/api/v1/questions`, { headers: { authorization } })).status).toBe(200);
});

test("a failing engine is 503, and requests beyond the limit are 429", async () => {
  const folder = await newFolder();
  const settings = settingsFrom({ ARCHIVE_DIR: folder, PORT: "0" });
  const deps = folderReadDeps(settings, { ...folderStores(folder), secrets: async () => [], now: () => new Date() });
  const engine = Promise.withResolvers<never>();
  const log: unknown[] = [];
  const server = await serveReadApi(
    "An archive",
    { ...deps, engine: { run: () => engine.promise } },
    settings,
    (entry) => log.push(entry),
  );
  onTestFinished(() => server.close());
  const refused: unknown[] = [];
  const allRefused = Promise.withResolvers<void>();
  const requests = Array.from({ length: MOST_AT_ONCE + 10 }, async () => {
    const { status, headers } = await read(server.readUrl);
    if (status === 429 && refused.push(headers.get("retry-after")) === 10) allRefused.resolve();
    return status;
  });
  await allRefused.promise;
  engine.reject(new QueryFailed("out of memory"));
  const statuses = await Promise.all(requests);
  expect(statuses.filter((status) => status === 503)).toHaveLength(MOST_AT_ONCE);
  expect(refused).toEqual(Array.from({ length: 10 }, () => "1"));
  expect(log).toContainEqual({ event: "read failed", reason: "out of memory" });
  expect((await read(`${server.url}/elsewhere`)).status).toBe(404);
});

/** The status of a request with another `Host`, which `fetch` does not send. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/questions`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
