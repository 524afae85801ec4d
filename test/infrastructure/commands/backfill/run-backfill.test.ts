import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleCalls } from "../../../../infrastructure/samples/sample-calls.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { isNotReport, newFolder, post, tree } from "../../../support/fixtures/local.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const BACKFILL = "backfill";
const UNTIL = new Date("2026-11-20T12:00:00Z");

/** ElevenLabs with some calls of one week, and the command that fetches them into a folder. */
async function anElevenLabs() {
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(() => server.close());
  const calls = sampleCalls({ count: 8, seed: 3, until: UNTIL }).filter(({ bodies }) => bodies.transcription);
  for (const { conversationId, bodies, mp3 } of calls) {
    const { full_audio: _, ...data } = JSON.parse(bodies.transcription ?? "").data;
    server.conversations.set(conversationId, JSON.stringify(data));
    if (mp3) server.recordings.set(conversationId, mp3);
  }
  const env = { ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
  const backfill = (folder: string, ...args: string[]) =>
    runCommand(BACKFILL, folder, ["--from", "2026-11-10", "--to", "2026-11-21", ...args], env);
  return { server, calls, env, backfill };
}

test("fills a folder with every call and recording, and the next run has nothing to do", async () => {
  const folder = await newFolder();
  const { calls, backfill } = await anElevenLabs();
  const first = await backfill(folder);
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining("Nothing is missing.") });
  expect(first.out).toMatch(new RegExp(`^recovered +${calls.length} +${calls.filter(({ mp3 }) => mp3).length}$`, "m"));
  for (const { caller, conversationId, mp3 } of calls) {
    await readFile(join(folder, "archive", caller, `${conversationId}.json`));
    if (mp3) expect(await readFile(join(folder, "archive", caller, `${conversationId}.mp3`))).toEqual(mp3);
  }
  const before = await tree(folder, isNotReport);
  const again = await backfill(folder);
  expect(again.out).toMatch(new RegExp(`^there already +${calls.length}$`, "m"));
  expect(again.code).toBe(0);
  expect(await tree(folder, isNotReport)).toEqual(before);
});

test("leaves the processing to the archive that runs in the folder", async () => {
  const folder = await newFolder();
  const { calls, backfill, env } = await anElevenLabs();
  const archive = await anArchiveProcess(folder, env);
  const delivered = calls[0]?.bodies.transcription ?? "";
  await post(archive.url, delivered);
  const done = await backfill(folder);
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining("are processed by the archive that runs in") });
  const json = await backfill(folder, "--format", "json");
  expect(JSON.parse(json.out)).toContainEqual({ what: "there already", calls: calls.length, recordings: null });
  expect(json.error).toContain("are processed by the archive that runs in");
  await expect.poll(archive.health).toMatchObject({ pending: 0, failed: 0 });
  await expect.poll(async () => (await tree(join(folder, "analytics/live/conversations"))).length).toBe(calls.length);
  await archive.stop();
});

test("a dry run lists missing calls, and changes nothing", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "archive"), { recursive: true });
  const { calls, backfill } = await anElevenLabs();
  const { code, out, error } = await backfill(folder, "--dry-run");
  expect(code).toBe(1);
  expect(out).toMatch(new RegExp(`^missing +${calls.length} +0$`, "m"));
  expect(error.split("\n").filter((line) => line.endsWith(": not in the archive"))).toHaveLength(calls.length);
  const json = await backfill(folder, "--dry-run", "--format", "json");
  expect(JSON.parse(json.out)).toContainEqual({ what: "missing", calls: calls.length, recordings: 0 });
  expect(await tree(folder, isNotReport)).toEqual([]);
});

test("continues with the day where it stopped, or from the beginning; a dry run does not change that", async () => {
  const folder = await newFolder();
  const { server, calls, backfill } = await anElevenLabs();
  const day = calls.at(-1)?.startedAt.toISOString().slice(0, 10);
  const [later] = calls.filter(({ startedAt }) => startedAt.toISOString().startsWith(`${day}`));
  server.fail({ does: "answer", status: 403 }, { on: new RegExp(`/${later?.conversationId}$`) });
  const first = await backfill(folder);
  expect(first).toMatchObject({
    code: 1,
    error: expect.stringMatching(/403: check ELEVENLABS_API_KEY\. Run backfill again/),
  });
  const continuing = `Continuing with ${day}, where an earlier run stopped (--again starts from the beginning)`;
  const dry = await backfill(folder, "--dry-run", "--again");
  expect(dry.error).not.toContain("Continuing");
  expect(dry.out).toMatch(/^missing +1 +0$/m);
  const second = await backfill(folder);
  expect(second).toMatchObject({ code: 0, error: expect.stringContaining(continuing) });
  expect(second.out).toMatch(/^recovered +1 /m);
  expect((await backfill(folder)).error).not.toContain("Continuing");
});

test("lists unrecoverable calls, and explains how to continue when ElevenLabs refuses the key", async () => {
  const folder = await newFolder();
  const { server, calls, env, backfill } = await anElevenLabs();
  const last = calls.at(-1)?.conversationId ?? "";
  server.fail({ does: "answer", status: 404, body: "" }, { on: new RegExp(`/${last}$`) });
  expect(await backfill(folder)).toMatchObject({
    code: 1,
    error: expect.stringContaining(`${last}: ElevenLabs no longer has`),
  });
  const refused = await runCommand(BACKFILL, folder, ["--from", "2026-11-10"], {
    ...env,
    ELEVENLABS_API_KEY: "sk_no",
  });
  expect(refused.code).toBe(1);
  expect(refused.error).toMatch(
    /401: check ELEVENLABS_API_KEY\. What was fetched before is stored. Run the command again to continue/,
  );
});

test("names the variable to set if there is no key, and the options that are not valid", async () => {
  const folder = await newFolder();
  const usage = async (...args: string[]) => runCommand(BACKFILL, folder, args);
  expect(await usage("--from", "2026-11-01")).toMatchObject({
    code: 2,
    error: expect.stringContaining("ELEVENLABS_API_KEY is not set"),
  });
  expect(await usage()).toMatchObject({ code: 2, error: expect.stringContaining("--from 2026-11-01") });
  expect(await usage("--from", "2026-11-31")).toMatchObject({
    code: 2,
    error: expect.stringContaining("is not a date"),
  });
  expect(await usage("--from", "2026-11-02", "--to", "2026-11-01")).toMatchObject({ code: 2 });
});

test("stops at the first rejected key, names the variable to check, and continues there with another key", async () => {
  const folder = await newFolder();
  const { server, calls, backfill } = await anElevenLabs();
  const day = calls.at(-1)?.startedAt.toISOString().slice(0, 10);
  const ofDay = calls.filter(({ startedAt }) => startedAt.toISOString().startsWith(`${day}`));
  const on = new RegExp(`/(${ofDay.map(({ conversationId }) => conversationId).join("|")})$`);
  server.fail({ does: "answer", status: 401 }, { on, times: ofDay.length });
  const first = await backfill(folder);
  expect(first.code).toBe(1);
  expect(first.error).toMatch(
    /^ElevenLabs rejects the key, so no more requests were sent: could not fetch .*401: check ELEVENLABS_API_KEY\. /m,
  );
  const second = await backfill(folder);
  expect(second.error).toContain(`Continuing with ${day}, where an earlier run stopped`);
});

test("requests eight conversations and not hundreds when the key is rejected for all", async () => {
  const folder = await newFolder();
  const { server, calls, backfill } = await anElevenLabs();
  const [data = ""] = server.conversations.values();
  const [{ conversationId } = { conversationId: "" }] = calls;
  for (let n = 0; n < 240; n += 1) {
    const id = `${conversationId}_${n}`;
    server.conversations.set(id, JSON.stringify({ ...JSON.parse(data), conversation_id: id }));
  }
  server.fail({ does: "answer", status: 401 }, { on: /conversations\/./, times: Number.POSITIVE_INFINITY });
  expect((await backfill(folder)).code).toBe(1);
  const requested = server.requests.filter(({ path }) => /conversations\/./.test(path));
  expect(requested.length).toBeLessThanOrEqual(8);
});
