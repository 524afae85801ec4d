import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../infrastructure/commands/all-commands.ts";
import { ENTRY, runCommand } from "../../support/fixtures/command.ts";
import { newFolder } from "../../support/fixtures/local.ts";

const ROOT = join(import.meta.dirname, "../../..");
const NAMES = COMMANDS.map(({ name }) => name);

/** Runs the program with these arguments, in a process, in an empty folder, and with only PATH in its environment. */
async function callArchive(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [ENTRY, ...args], { cwd, env: { PATH: process.env["PATH"] } });
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, out, error };
}

test("there is a command for each folder, and npm runs each by the same program", () => {
  const folders = readdirSync(dirname(ENTRY), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(NAMES.toSorted()).toEqual(folders.map(({ name }) => name).filter((name) => name !== "toolkit"));
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const entry = relative(ROOT, ENTRY).replaceAll("\\", "/");
  for (const name of NAMES) expect(scripts[name]).toBe(`node ${entry} ${name}`);
});

test("lists all commands with their summaries, without an archive, an account or an option", async () => {
  const folder = await newFolder();
  const [bare, help] = await Promise.all([callArchive(folder), callArchive(folder, "help")]);
  expect(bare).toMatchObject({ code: 0, error: "" });
  for (const { name, summary } of COMMANDS)
    expect(bare.out).toMatch(new RegExp(`^ {2}${name} +${RegExp.escape(summary)}$`, "m"));
  expect(help).toEqual(bare);
  expect(await readdir(folder)).toEqual([]);
});

// Windows does not run a file by its first line: npm uses infrastructure/install/call-archive.cjs there.
test.skipIf(process.platform === "win32")(
  "is an executable program, and passes on a status that is not 0",
  async () => {
    const { stdout } = await promisify(execFile)(ENTRY, ["help", "compact"]);
    expect(stdout).toContain("npx call-archive compact");
    const mistake = await callArchive(await newFolder(), "compact", "--day");
    expect(mistake).toEqual({ code: 2, out: "", error: "Option '--day <date>' needs a value\n" });
  },
);

test("help on a saved query is selected by its name, not by the value of an option", async () => {
  const [all, one] = await Promise.all([
    runCommand("query", "nowhere", ["--format", "json", "--help"]),
    runCommand("query", "nowhere", ["--stack", "X", "calls-per-day", "--help"]),
  ]);
  expect(all).toEqual(await runCommand("query", "nowhere", ["--help"]));
  expect(one).toEqual(await runCommand("help", "nowhere", ["query", "calls-per-day"]));
  expect([all.code, one.code]).toEqual([0, 0]);
});

test.each(NAMES)(
  "help %s and %s --help print the same: usage, options and the meaning of every exit status",
  async (name) => {
    const [help, option, short] = await Promise.all([
      runCommand("help", "nowhere", [name]),
      runCommand(name, "nowhere", ["--help"]),
      runCommand(name, "nowhere", ["-h"]),
    ]);
    expect(help).toMatchObject({ code: 0, error: "" });
    expect([option, short]).toEqual([help, help]);
    expect(help.out).toMatch(new RegExp(`^Usage: npm (run (-s )?)?${name}.*\\n +npx call-archive ${name}`, "m"));
    // A command that runs until Ctrl-C ends with 0 then.
    const stopped = ["start", "serve", "mcp"].includes(name) ? "" : " {2}130 {2}stopped by Ctrl-C before the end\n";
    expect(help.out).toMatch(
      new RegExp(`\nExit status:\n {2}0 {4}.+\n {2}1 {4}.+\n {2}2 {4}wrong usage; nothing was done\n${stopped}$`),
    );
  },
);

describe("wrong usage prints one line with a likely correction, and nothing is done", () => {
  test.each([
    [["qurey"], 'There is no command "qurey". Did you mean query?'],
    [["frobnicate"], 'There is no command "frobnicate". There are: start, query, '],
    [["help", "qurey"], "Did you mean query?"],
    [["verify", "--conversaton", "conv_1"], "Unknown option '--conversaton'. Did you mean --conversation?"],
    [["erase", "--caller", "--yes"], "Option '--caller <caller>' needs a value. Write a value that begins with a dash"],
    [["redrive", "--stack"], "Option '--stack <name>' needs a value"],
    [["reprocess", "--from", "2026-02-30"], "--from 2026-02-30 is not a date: write it as 2026-11-30"],
    [["reprocess", "--rate", "-5"], "Write a value that begins with a dash as --rate=-5"],
    [["reprocess", "--rate=-5"], "--rate -5 is not a number of objects a second: write it as 50"],
    [["load", "--calls", "many", "--rate", "5"], "--calls many is not a whole number of 1 or more"],
    [["doctor", "--url", "nowhere"], "--url nowhere is not an address: write it as http://127.0.0.1:8787"],
    [
      ["doctor", "--url", "http://127.0.0.1:1", "--stack", "S"],
      "--stack already determines the address: leave --url out",
    ],
    [["compact", "--format", "xml"], 'There is no format "xml". Use one of: table, json.'],
    [["redrive", "--send", "--drop", "--all"], "--send and --drop exclude each other"],
    [["verify", "--accept", "a/b.json", "--reason", "known", "--fix"], "--accept and --fix exclude each other"],
    [
      ["erase", "--conversation", "conv_1", "--caller", "+1", "--reason", "x", "--yes"],
      "--conversation ID or --caller",
    ],
    [["backfill", "--from", "2026-11-02", "--to", "2026-11-01"], "--from 2026-11-02 is after --to 2026-11-01"],
    [["backfill", "--from", "2999-11-02"], "--from 2999-11-02 is after --to 2"],
    [["verify", "--from", "2026-11-02", "--to", "2026-11-01"], "--from 2026-11-02 is after --to 2026-11-01"],
    [["reprocess", "--to", "2026-11-01", "--from", "2026-11-02"], "--from 2026-11-02 is after --to 2026-11-01"],
    [["backfill", "--from", "2026-11-02"], "ELEVENLABS_API_KEY is not set"],
    [["secret", "webhook"], "Add the stack: --stack CallArchive"],
    [["secret", "webhok", "--stack", "S"], 'There is no secret "webhok". Did you mean webhook?'],
    [["secret", "elevenlabs", "--add", "--stack", "S"], "--add is for the secret webhook"],
    [["secret", "elevenlabs", "--copy", "--stack", "S"], "--copy copies all secrets: leave the name out"],
    [["secret", "--key", "k", "--stack", "S"], "--key needs the name of a secret, or --copy"],
    [["start", "now"], "Unexpected argument 'now'"],
  ])("%j", async ([name = "", ...args], message) => {
    const folder = await newFolder();
    const { code, out, error } = await runCommand(name, join(folder, "archive"), args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(message);
    expect(error.trimEnd().split("\n")).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

test("a command loads its code only when it runs: lists, help and usage errors load no SDK and no database", () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, name = ""] of readFileSync(path, "utf8").matchAll(/^import (?!type )(?:[^;]*? from )?"([^"]+)"/gm)) {
      if (name.startsWith(".")) visit(join(dirname(path), name));
      else if (!name.startsWith("node:")) packages.add(name);
    }
  };
  // The entry imports these after it has opened the compile cache.
  const entry = readFileSync(ENTRY, "utf8");
  for (const [, name = ""] of entry.matchAll(/ import\("([^"]+)"\)/g)) visit(join(dirname(ENTRY), name));
  const light = new Set(["@commander-js/extra-typings", "fastest-levenshtein", "string-width"]);
  expect([...packages].filter((name) => !light.has(name))).toEqual([]);
  expect([...seen].filter((path) => /\/run-[a-z]+(\.client)?\.ts$/.test(path))).toEqual([
    join(dirname(ENTRY), "toolkit/run-command.ts"),
  ]);
});
