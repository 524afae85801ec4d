import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSavedQueries } from "../../../../queries/engine/saved-queries.client.ts";
import { emptyFolder, writeLive } from "../../../queries/analytics-folder.ts";
import { ENTRY, type Ran, runCommand, spawnCommand } from "../../../support/fixtures/command.ts";

/** Runs `npm run query -- …args` on the archive in `folder`. It never prints a stack trace. */
async function query(folder: string, ...args: string[]): Promise<Ran> {
  const ran = await runCommand("query", folder, args);
  expect(ran.error).not.toMatch(/^\s+at /m);
  return ran;
}

async function anArchive(): Promise<string> {
  const folder = await emptyFolder("archive-");
  await writeLive(join(folder, "analytics"), {
    turns: [
      { dt: "2026-11-01", conversation_id: "c1", turn_index: 0, role: "user", message: "Is it -5 % today?" },
      { dt: "2026-11-01", conversation_id: "c2", turn_index: 0, role: "user", message: "hello" },
    ],
  });
  return folder;
}

const DAYS = ["2026-11-01", "2026-11-01"];

test("prints a table, JSON or CSV, with the options in any position", async () => {
  const folder = await anArchive();
  const [table, json, csv] = await Promise.all([
    query(folder, "find-phrase", "HELLO", ...DAYS),
    query(folder, "find-phrase", "HELLO", ...DAYS, "--format", "json"),
    query(folder, "--format=csv", "find-phrase", ...DAYS, "HELLO"),
  ]);
  expect([table, json, csv].map(({ code, error }) => [code, error])).toEqual(Array(3).fill([0, ""]));
  expect(table.out).toMatch(/^2026-11-01 {2}c2 .* hello\n1 row\n$/m);
  expect(JSON.parse(json.out)).toMatchObject([{ conversation_id: "c2", is_hit: true, message: "hello" }]);
  expect(csv.out).toMatch(/\r\n2026-11-01,c2,.*,true,hello\r\n$/);
});

test("draws a chart", async () => {
  const folder = await emptyFolder("archive-");
  const call = { agent_id: "a1", agent_name: "One", status: "done" };
  await writeLive(join(folder, "analytics"), {
    conversations: [1, 2, 3].map((n) => ({ dt: "2026-11-01", conversation_id: `c${n}`, cost_credits: 10, ...call })),
  });
  const { code, out, error } = await query(folder, "cost", ...DAYS, "--chart");
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(/^One +10 {2}█+$/m);
});

test("takes a value by its name", async () => {
  const folder = await anArchive();
  const { out } = await query(folder, "find-phrase", "to=2026-11-01", "hello", "from=2026-11-01", "--format", "json");
  expect(JSON.parse(out)).toMatchObject([{ conversation_id: "c2" }]);
});

test("takes a value that begins with a dash after --", async () => {
  const { code, out } = await query(await anArchive(), "find-phrase", "--", "-5 %", ...DAYS);
  expect([code, out]).toEqual([0, expect.stringContaining("Is it -5 % today?")]);
});

test("an archive without calls has no rows, and one that does not exist has none and prints a note", async () => {
  const folder = await emptyFolder("archive-");
  const [empty, nowhere] = await Promise.all([
    query(folder, "calls-per-day"),
    query(join(folder, "nowhere"), "calls-per-day"),
  ]);
  expect(empty).toEqual({ code: 0, out: expect.stringContaining("(no rows)"), error: "" });
  expect(nowhere).toEqual({ ...empty, error: expect.stringMatching("nowhere does not exist.*npm start") });
});

test("prints a list of queries, help on the command, and help on one query", async () => {
  const nowhere = "nowhere";
  const [list, help, short, one] = await Promise.all([
    query(nowhere),
    query(nowhere, "--help"),
    query(nowhere, "-h"),
    query(nowhere, "find-phrase", "--help"),
  ]);
  expect([list, help, short, one].map(({ code, error }) => [code, error])).toEqual(Array(4).fill([0, ""]));
  for (const { name, topic, question } of await readSavedQueries()) {
    const [, ofTopic = ""] = list.out.split(new RegExp(`^${topic}$`, "m"));
    expect(ofTopic.split("\n\n")[0]).toMatch(new RegExp(`^ {2}${name} +${RegExp.escape(question)}$`, "m"));
  }
  expect(help.out).toContain("--format <table|json|csv>");
  expect(help.out).toContain("Put a value that begins with a dash after --.");
  expect(short.out).toBe(help.out);
  expect(one.out).toMatch(
    /Where was a phrase said[\s\S]*Usage: npm run query -- find-phrase PHRASE \[FROM\] \[TO\] \[SPEAKER\]/,
  );
});

test.concurrent.each([
  [["calls-per-dai"], 'There is no query "calls-per-dai". Did you mean calls-per-day?'],
  [["revenue"], 'There is no query "revenue". There are: '],
  [[""], 'There is no query "". There are: '],
  [
    ["calls-per-day", "yesterday"],
    '"yesterday" is not a value for "from" (first UTC day): it takes a date as YYYY-MM-DD',
  ],
  [["calls-per-day", ...DAYS, "more"], "at most 2 values, and got 3"],
  [["calls-per-day", "nope=1"], 'calls-per-day has no parameter "nope". Its parameters are from, to.'],
  [["calls-per-day", "2026-11-30", "2026-11-01"], '"from" is 2026-11-30, which is after "to", 2026-11-01'],
  [["find-phrase"], 'find-phrase needs a value for "phrase"'],
  [["find-phrase", "-5 %"], "after '--'"],
  [["calls-per-day", "--format", "xml"], 'There is no format "xml". Use one of: table, json, csv.'],
  [["calls-per-day", "--format"], "needs a value"],
  [["calls-per-day", "--atena"], "Unknown option '--atena'"],
  [["calls-per-day", "--stack", "Other"], "add --athena"],
  [["calls-per-day", "--athena", "--workgroup", "w"], "go together"],
  [["calls-per-day", "--chart", "--format", "csv"], "--chart does not go with --format csv"],
  [["transcript", "x", "--chart"], "transcript has no chart. These queries have one: "],
  [["calls-per-day", "--athena"], "the stack CallArchive cannot be read: Region is missing"],
])("wrong usage prints one line, and the exit status is 2: %j", async (args, message) => {
  const { code, out, error } = await query(".", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(error).toContain(message);
  expect(error.trim().split("\n")).toHaveLength(1);
});

describe("the exit status is 1, because another query does not help,", () => {
  test("if a file cannot be read", async () => {
    const folder = await anArchive();
    await writeFile(join(folder, "analytics/live/turns/dt=2026-11-01/c3.parquet"), "no Parquet");
    const { code, out, error } = await query(folder, "slow-turns", ...DAYS);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toContain("c3.parquet");
  });

  test.skipIf(!existsSync("/dev/full"))("if the output cannot be written", async () => {
    const full = await open("/dev/full", "w");
    const child = spawn(process.execPath, [ENTRY, "query"], { stdio: ["ignore", full.fd, "pipe"] });
    const printed = child.stderr?.toArray();
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(String(await printed)).toMatch(/^The output could not be written: .*ENOSPC.*\n$/);
    await full.close();
  });
});

test("a reader that stops early, like head, causes no error", async () => {
  const folder = await emptyFolder("archive-");
  const turns = Array.from({ length: 3000 }, (_, turn_index) => ({
    dt: "2026-11-01",
    conversation_id: "c1",
    turn_index,
    message: `hello ${"x".repeat(200)}`,
  }));
  await writeLive(join(folder, "analytics"), { turns });
  const child = spawnCommand("query", folder, ["find-phrase", "hello", ...DAYS]);
  const printed = child.stderr.toArray();
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(String(await printed)).toBe("");
});
