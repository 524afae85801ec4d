import { expect, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aRunningArchive, newFolder, outputs } from "../../../support/fixtures/local.ts";

const CLI = "smoke";

test("prints what arrived of a sample call, and leaves no trace of it", async () => {
  const folder = await newFolder();
  const { url, secrets } = await aRunningArchive(folder);
  const env = { ELEVENLABS_WEBHOOK_SECRET: secrets[0] ?? "" };
  const { code, out, error } = await runCommand(CLI, folder, ["--url", url], env);
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(/\.mp3 +\d+ +folder +webhook/);
  expect(out).toMatch(/recordings +1/);
  expect(out).toContain("Memory: added, for 1 caller");
  expect(await outputs(folder)).toEqual([]);
});

test("with JSON, standard output is one report, and the steps are on standard error", async () => {
  const folder = await newFolder();
  const { url, secrets } = await aRunningArchive(folder);
  const env = { ELEVENLABS_WEBHOOK_SECRET: secrets[0] ?? "" };
  const { code, out, error } = await runCommand(CLI, folder, ["--url", url, "--format", "json"], env);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ missing: [], memory: "added, for 1 caller" });
  expect(error).toContain("posted the transcription: 200");
});

test("names what is missing and where to look", async () => {
  const folder = await newFolder();
  const { url } = await aRunningArchive(folder);
  const env = { ELEVENLABS_WEBHOOK_SECRET: "wsec_wrong" };
  const wrongSecret = await runCommand(CLI, folder, ["--url", url], env);
  expect(wrongSecret.code).toBe(1);
  expect(wrongSecret.out).toContain("401");
  expect(wrongSecret.error).toContain("Missing: the transcription was not accepted: look at");
});

test("reports that another archive has the call, and not that it was removed", async () => {
  const there = await newFolder();
  const { url, secrets } = await aRunningArchive(there);
  const env = { ELEVENLABS_WEBHOOK_SECRET: secrets[0] ?? "" };
  const { code, out, error } = await runCommand(CLI, await newFolder(), ["--url", url], env);
  expect(code).toBe(1);
  expect(out).not.toContain("removed");
  const [, conversation = ""] = /belongs to another archive.*--conversation (\S+)/.exec(error) ?? [];
  await expect.poll(() => outputs(there)).toContainEqual(expect.stringContaining(conversation));
});

test.each([
  [[], "--url or --stack"],
  [["--url", "nowhere"], "is not an address"],
  [["--url", "http://127.0.0.1:1", "--timeout", "soon"], "is not a number of seconds"],
])("wrong usage is explained: %j", async (args, message) => {
  const { code, error } = await runCommand(CLI, await newFolder(), args);
  expect([code, error]).toEqual([2, expect.stringContaining(message)]);
});
