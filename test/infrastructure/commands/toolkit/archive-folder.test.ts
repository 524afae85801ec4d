import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";
import { elevenLabsServer } from "../../../support/servers/elevenlabs-server.ts";

const ERASE = ["erase", "--conversation", "conv_1", "--reason", "request 4711", "--yes"];
const BACKFILL = ["backfill", "--from", "2026-11-20", "--to", "2026-11-20"];

/** The commands that work on an existing archive. That of `mcp` is in its slow test, because its code loads slowly. */
const ON_AN_ARCHIVE = [
  ["verify"],
  ["verify", "--fix"],
  ["verify", "--conversation", "conv_1"],
  ERASE,
  ["redrive"],
  ["redrive", "--send", "--all", "--yes"],
  ["compact"],
  ["compact", "--dry-run"],
  ["reprocess"],
  ["reprocess", "--dry-run"],
  ["serve"],
  ["smoke", "--url", "http://127.0.0.1:1"],
];

test.each(ON_AN_ARCHIVE.map((words) => [words]))(
  "%j refuses a folder that does not exist, and does not create it",
  async ([name = "", ...args]) => {
    const parent = await newFolder();
    const folder = join(parent, "nowhere");
    expect(await runCommand(name, folder, args, { PORT: "0" }, { stop: AbortSignal.abort() })).toEqual({
      code: 2,
      out: "",
      error: `${folder} does not exist, so there are no calls. \`npm start\` creates an archive, \`npm run demo\` creates one with sample calls. Set ARCHIVE_DIR if yours is elsewhere.\n`,
    });
    expect(await readdir(parent)).toEqual([]);
  },
);

test.each([...ON_AN_ARCHIVE, ["start"], ["query", "calls-per-day"], BACKFILL].map((words) => [words]))(
  "%j refuses an ARCHIVE_DIR that is a file",
  async ([name = "", ...args]) => {
    const file = join(await newFolder(), "file");
    await writeFile(file, "");
    const env = { PORT: "0", ELEVENLABS_API_KEY: "sk_test" };
    expect(await runCommand(name, file, args, env, { stop: AbortSignal.abort() })).toEqual({
      code: 2,
      out: "",
      error: `ARCHIVE_DIR is ${JSON.stringify(file)}: it must be a folder, and this is a file\n`,
    });
  },
);

test.each([
  ["doctor", "--url", "http://127.0.0.1:1"],
  ["load", "--url", "http://127.0.0.1:1", "--calls", "1", "--rate", "1"],
])("%s finds no running archive, and does not create its folder", async (name, ...args) => {
  const parent = await newFolder();
  expect((await runCommand(name, join(parent, "nowhere"), args)).code).toBe(1);
  expect(await readdir(parent)).toEqual([]);
});

test("backfill creates the folder of a new archive, after a note; a dry run does not", async () => {
  const parent = await newFolder();
  const folder = join(parent, "new");
  const server = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(() => server.close());
  const [name = "", ...args] = BACKFILL;
  const env = { ELEVENLABS_API_KEY: "sk_test", ELEVENLABS_API_URL: server.url };
  const note = `${folder} does not exist, so every call is missing. Set ARCHIVE_DIR if your archive is elsewhere.\n`;
  expect(await runCommand(name, folder, [...args, "--dry-run"], env)).toMatchObject({ code: 0, error: note });
  expect(await readdir(parent)).toEqual([]);
  expect(await runCommand(name, folder, args, env)).toMatchObject({ code: 0, error: note });
  expect(await readdir(parent)).toEqual(["new"]);
  expect(await runCommand(name, folder, args, env)).toMatchObject({ code: 0, error: "" });
});
