import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { at, entries, list, text } from "../../../../../handlers/call/json.ts";
import { folderActions } from "../../../../../infrastructure/commands/toolkit/actions/folder-actions.ts";
import { startWithActions } from "../../../../../infrastructure/commands/toolkit/actions/start-with-actions.ts";
import { folderDeployment } from "../../../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { folderReadDeps } from "../../../../../infrastructure/local/folder-read-deps.ts";
import { folderStores } from "../../../../../infrastructure/local/folder-stores.ts";
import { serveReadApi } from "../../../../../infrastructure/local/read-server.ts";
import { settingsFrom } from "../../../../../infrastructure/local/settings.ts";
import { parsedJson } from "../../../../../queries/tables/parsed-json.ts";
import { aTranscription, metadataWith } from "../../../../support/fixtures/events.ts";
import { newFolder, outputs, post, SECRET, tree } from "../../../../support/fixtures/local.ts";
import { elevenLabsServer } from "../../../../support/servers/elevenlabs-server.ts";

const KEY = "12025550101/conv_1.json";
const now = () => new Date();
const other = metadataWith({ phone_call: { direction: "inbound", external_number: "+12025550102" } });
const CALLS = [aTranscription(), aTranscription({ conversation_id: "conv_2", metadata: other })];

function settingsOf(folder: string, env: Record<string, string> = {}) {
  return settingsFrom({ ARCHIVE_DIR: folder, PORT: "0", ELEVENLABS_WEBHOOK_SECRET: SECRET, ...env });
}

/** An archive that runs with its actions, as `npm start` does. */
async function aRunning(folder: string, env: Record<string, string> = {}) {
  const settings = settingsOf(folder, env);
  const archive = await startWithActions(settings, () => {}, now);
  onTestFinished(() => archive.close());
  await archive.recovered;
  return { ...archive, ...page(archive.url) };
}

/** The read API of a folder in which no archive runs, as `npm run serve` does. */
async function aServed(folder: string, env: Record<string, string> = {}) {
  const settings = settingsOf(folder, env);
  const actions = folderActions(
    settings,
    () => folderDeployment(settings, { readsBlock: false }),
    () => {},
    now,
  );
  const deps = folderReadDeps(settings, { ...folderStores(folder), secrets: async () => [SECRET], now });
  const server = await serveReadApi("An archive", { ...deps, actions }, settings, () => {});
  onTestFinished(async () => {
    await server.close();
    await actions.stop();
    deps.close();
  });
  return { ...server, ...page(server.url), actions };
}

/** What the page of the archive at `url` does. */
function page(url: string) {
  const api = `${url}/api/v1`;
  const get = async (path: string) => {
    const response = await fetch(`${api}${path}`);
    return { status: response.status, body: parsedJson(await response.text()), headers: response.headers };
  };
  const headers = async () => ({
    origin: url,
    "sec-fetch-site": "same-origin",
    "content-type": "application/json; charset=utf-8",
    "x-action-token": text(at((await get("/actions")).body, "token")) ?? "",
  });
  const start = async (action: string, body: unknown, more: Record<string, string> = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const sent = { method: "POST", body: text, headers: { ...(await headers()), ...more } };
    const response = await fetch(`${api}/actions/${action}`, sent);
    return { status: response.status, body: parsedJson(await response.text()), headers: response.headers };
  };
  /** Starts an action, and returns its run when it has ended. */
  const run = async (action: string, body: unknown) => {
    const started = await start(action, body);
    expect([started.status, started.body]).toEqual([202, expect.objectContaining({ state: "running", action })]);
    const path = started.headers.get("location")?.slice("/api/v1".length) ?? "";
    const read = async () => (await get(path)).body;
    await expect.poll(async () => at(await read(), "state"), { timeout: 20_000 }).not.toBe("running");
    return read();
  };
  return { get, headers, start, run };
}

/** A folder with two calls, the first of which was dead-lettered until a person repaired it. */
async function aFolder({ isFailed = false } = {}): Promise<string> {
  const folder = await newFolder();
  const { url, queue, close } = await aRunning(folder);
  const [first = "", ...others] = isFailed ? [aTranscription({ full_audio: "!!!" }), ...CALLS.slice(1)] : CALLS;
  for (const body of [first, ...others]) await post(url, body);
  await queue.idle();
  await close();
  return folder;
}

async function repair(folder: string): Promise<void> {
  const path = join(folder, "archive", KEY);
  await writeFile(path, (await readFile(path, "utf8")).replace('"!!!"', "null"));
}

const OPENED = [
  ["in the archive that runs", aRunning],
  ["in a folder in which none runs", aServed],
] as const;

test.each(OPENED)("redrive plans, sends back and reports, %s", async (_, open) => {
  const folder = await aFolder({ isFailed: true });
  const { run, get } = await open(folder);
  expect(await run("redrive", { all: true, dry_run: true })).toMatchObject({
    state: "done",
    message: "1 object would be sent back",
    result: { objects: 1, items: [{ key: KEY, kind: "dead letter", reason: expect.stringContaining("not base64") }] },
  });
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(1);
  expect(await run("redrive", { keys: [KEY] })).toMatchObject({
    message: "0 of 1 object processed",
    result: { sent: 1, failed_again: [{ key: KEY }] },
  });
  await repair(folder);
  await run("redrive", { all: true });
  await expect.poll(() => tree(join(folder, "dead-letters"))).toEqual([]);
  expect(await run("redrive", { all: true })).toMatchObject({ message: "0 of 0 objects processed" });
  expect(await run("redrive", { keys: [KEY] })).toMatchObject({
    state: "failed",
    message: expect.stringContaining(`${KEY} is not a dead letter`),
  });
  // A page that was loaded again finds all of them.
  const { body } = await get("/actions");
  expect([list(at(body, "running")), list(at(body, "ended")).length]).toEqual([[], 5]);
});

test.each(OPENED)("reprocess rebuilds what was lost, twice with the same result, %s", async (_, open) => {
  const folder = await aFolder();
  const before = await outputs(folder);
  const { run } = await open(folder);
  await rm(join(folder, "analytics"), { recursive: true });
  const plan = { objects: 1, keys: [KEY], unknown_ids: ["conv_9"] };
  const some = { conversation_ids: ["conv_1", "conv_9"] };
  expect(await run("reprocess", { ...some, dry_run: true })).toMatchObject({
    message: "1 object would be processed again",
    result: plan,
  });
  expect(await outputs(folder)).not.toEqual(before);
  expect(await run("reprocess", some)).toMatchObject({
    state: "done",
    done: 1,
    total: 1,
    message: "1 object processed again",
    result: { ...plan, processed: 1, dead_lettered: 0 },
  });
  for (const body of [
    { all: true },
    { from: "2026-11-20", to: "2026-11-20", only: ["rows"] },
    { caller: "+12025550102" },
  ])
    expect(await run("reprocess", body)).toMatchObject({ state: "done" });
  expect(await outputs(folder)).toEqual(before);
});

test.each(OPENED)("verify finds, repairs, and its findings are in the archive's report, %s", async (_, open) => {
  const folder = await aFolder();
  const { run, get } = await open(folder);
  const report = async () => (await get("/archive?from=2026-11-01&to=2026-11-30")).body;
  expect(await report()).toMatchObject({ findings: null, findings_checked_at: null, missing_calls: null });
  await rm(join(folder, "analytics/live/turns/dt=2026-11-20/hr=10/conv_1.parquet"));
  const found = { kind: "rows", key: KEY };
  expect(await run("verify", {})).toMatchObject({
    message: expect.stringContaining("1 finding"),
    result: { is_clean: false, findings: 1, items: [found], repaired: null },
  });
  expect(await report()).toMatchObject({
    findings: [{ source: "verify", kind: "rows", subject: KEY, remedy: expect.any(String) }],
    findings_checked_at: expect.stringMatching(/^20.*Z$/),
    finding_count: 1,
  });
  // A check of a part states nothing of the rest.
  expect(await run("verify", { conversation_id: "conv_2" })).toMatchObject({ result: { is_clean: true } });
  expect(await report()).toMatchObject({ finding_count: 1 });
  expect(await run("verify", { fix: true })).toMatchObject({
    message: expect.stringMatching(/: nothing is wrong\. Repaired: 1 object$/),
    result: { is_clean: true, findings: 0, repaired: { processed: 1 } },
  });
  expect(await report()).toMatchObject({ findings: [], finding_count: 0, doctor_checked_at: null });
});

test.each(OPENED)("backfill compares, fetches, and what is missing is in the archive's report, %s", async (_, open) => {
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(() => server.close());
  for (const call of [...CALLS, aTranscription({ conversation_id: "conv_3" })]) {
    const { data } = JSON.parse(String(call));
    server.conversations.set(data.conversation_id, JSON.stringify(data));
  }
  const folder = await aFolder();
  const { run, get } = await open(folder, { ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url });
  const days = { from: "2026-11-20", to: "2026-11-21" };
  const report = async () => (await get("/archive?from=2026-11-01&to=2026-11-30")).body;
  expect(await run("backfill", { ...days, dry_run: true })).toMatchObject({
    state: "done",
    result: { listed: 3, present: 2, lacking: 1, items: [{ conversation_id: "conv_3", call: "missing" }] },
  });
  expect(await report()).toMatchObject({
    missing_calls: ["conv_3"],
    missing_checked_at: expect.stringMatching(/^20.*Z$/),
    days: [{ day: "2026-11-20", calls: 2, missing: 1, compared_at: expect.any(String) }],
  });
  expect(await run("backfill", days)).toMatchObject({ state: "done", result: { recovered: 1, lacking: 0 } });
  expect(await report()).toMatchObject({ missing_calls: [], days: [{ calls: 3, rows: 3, missing: 0 }] });
  expect(await run("backfill", days)).toMatchObject({ result: { present: 3, recovered: 0 } });
  server.fail({ does: "answer", status: 401 }, { times: 100 });
  expect(await run("backfill", days)).toMatchObject({ state: "failed", message: expect.stringContaining("401") });
});

test("the second request of a running action is refused, also at the same moment", async () => {
  const { start, run, get, actions } = await aServed(await aFolder());
  const both = await Promise.all([start("verify", {}), start("verify", {})]);
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
  await expect.poll(async () => list(at((await get("/actions")).body, "running"))).toEqual([]);
  expect(await run("verify", {})).toMatchObject({ state: "done" });
  await actions.stop();
  expect((await start("verify", {})).status).toBe(503);
});

test("a request that is not of the archive's own page, or is not valid, starts nothing", async () => {
  const { start, get, url, headers } = await aServed(await aFolder());
  const cases: [action: string, body: unknown, status: number, more?: Record<string, string>][] = [
    ["verify", {}, 403, { origin: "http://evil.example" }],
    ["verify", {}, 403, { origin: url.replace("127.0.0.1", "localhost") }],
    ["verify", {}, 403, { origin: url.replace("http:", "https:") }],
    ["verify", {}, 403, { origin: "null" }],
    ["verify", {}, 403, { "sec-fetch-site": "same-site" }],
    ["verify", {}, 403, { "sec-fetch-site": "none" }],
    ["verify", {}, 403, { "x-action-token": "" }],
    ["verify", {}, 403, { "x-action-token": "guessed" }],
    ["verify", {}, 403, { "x-forwarded-for": "192.0.2.1" }],
    ["verify", {}, 415, { "content-type": "text/plain" }],
    ["verify", {}, 415, { "content-type": "application/x-www-form-urlencoded" }],
    ["verify", "{", 400],
    ["verify", "[]", 400],
    ["verify", "null", 400],
    ["verify", { colour: "red" }, 400],
    ["verify", { fix: "true" }, 400],
    ["verify", { caller: "../../etc" }, 400],
    ["verify?fix=true", {}, 400],
    ["redrive", {}, 400],
    ["redrive", { all: false }, 400],
    ["redrive", { all: true, keys: [KEY] }, 400],
    ["redrive", { keys: [] }, 400],
    ["reprocess", {}, 400],
    ["reprocess", { all: true, from: "2026-11-01" }, 400],
    ["reprocess", { all: true, only: ["row"] }, 400],
    ["reprocess", { from: "2026-11-02", to: "2026-11-01" }, 400],
    ["reprocess", { from: "2026-02-30" }, 400],
    ["reprocess", { conversation_ids: ["x".repeat(999_999)] }, 413],
    ["backfill", {}, 400],
    ["backfill", { from: "2026-11-01" }, 409],
    ["erase", { all: true }, 404],
  ];
  for (const [action, body, status, more] of cases) {
    const refused = await start(action, body, more);
    expect([action, body, refused.status, refused.headers.get("content-type")]).toEqual([
      action,
      body,
      status,
      "application/problem+json",
    ]);
    expect(refused.body).toMatchObject({ status, title: /./, detail: /.{20}/ });
  }
  expect(text(at((await start("verify", { colour: "red" })).body, "detail"))).toMatch(/no field "colour"/);
  expect(at((await get("/actions")).body, "actions")).toContainEqual({
    name: "backfill",
    unavailable: expect.stringContaining("ELEVENLABS_API_KEY"),
  });
  const withoutOrigin = Object.entries(await headers()).filter(([name]) => name !== "origin");
  const unsent = await fetch(`${url}/api/v1/actions/verify`, {
    method: "POST",
    body: "{}",
    headers: Object.fromEntries(withoutOrigin),
  });
  expect(unsent.status).toBe(403);
  expect(await statusWithHost(url, { ...(await headers()), host: "evil.example", origin: "http://evil.example" })).toBe(
    403,
  );
  for (const method of ["PUT", "DELETE", "OPTIONS"]) {
    const other = await fetch(`${url}/api/v1/actions/verify`, { method, headers: await headers() });
    expect([method, other.status, other.headers.get("access-control-allow-origin")]).toEqual([method, 405, null]);
  }
  expect((await fetch(`${url}/api/v1/calls`, { method: "POST", headers: await headers() })).status).toBe(405);
  expect((await get("/actions/unknown")).status).toBe(404);
  const { body } = await get("/actions");
  expect([list(at(body, "running")), list(at(body, "ended"))]).toEqual([[], []]);
});

test("the description has the actions where they exist, and the token is in no cache", async () => {
  const { get } = await aServed(await newFolder());
  const paths = entries(at((await get("/openapi.json")).body, "paths")).map(([path]) => path);
  expect(paths.filter((path) => path.includes("/actions"))).toHaveLength(6);
  const { headers } = await get("/actions");
  expect([headers.get("cache-control"), headers.get("access-control-allow-origin")]).toEqual(["no-store", null]);
});

test("no action exists on an address that others reach, and none without a folder", async () => {
  const open = await aServed(await newFolder(), { HOST: "0.0.0.0" });
  const token = new URL(open.readUrl).searchParams.get("token") ?? "";
  const authorization = `Bearer ${token}`;
  for (const [path, method] of [
    ["actions", "GET"],
    ["actions/verify", "POST"],
    ["actions/some", "GET"],
  ] as const) {
    const init = { method, headers: { authorization, "content-type": "application/json" } };
    const response = await fetch(`${open.url}/api/v1/${path}`, method === "POST" ? { ...init, body: "{}" } : init);
    expect([path, response.status, await response.json()]).toMatchObject([path, 404, { title: "No actions here" }]);
  }
  expect((await fetch(`${open.url}/api/v1/actions/verify`, { method: "POST", body: "{}" })).status).toBe(401);
});

test("a stop of the archive ends a running action, and a later start does the rest", async () => {
  const folder = await aFolder();
  const before = await outputs(folder);
  await rm(join(folder, "analytics"), { recursive: true });
  const { start, close } = await aRunning(folder);
  expect((await start("reprocess", { all: true })).status).toBe(202);
  await close();
  const { queue, run } = await aRunning(folder);
  await queue.idle();
  expect(await run("reprocess", { all: true })).toMatchObject({ state: "done" });
  expect(await outputs(folder)).toEqual(before);
});

/** The status of a POST with another `Host`, which `fetch` does not send. */
function statusWithHost(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/actions/verify`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end("{}");
  });
}
