import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder, writeLive } from "./analytics-folder.ts";

const CLI = join(import.meta.dirname, "../../queries/query.cli.ts");

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `npm run query -- …args` on the archive in `folder`, without npm. */
function query(folder: string, ...args: string[]): Promise<Ran> {
  const env = { PATH: process.env["PATH"], ARCHIVE_DIR: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, out, said) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: said });
    });
  });
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

test("answers as a table, as JSON and as CSV", async () => {
  const folder = await anArchive();
  const ask = (...more: string[]) => query(folder, "find-phrase", "HELLO", ...DAYS, ...more);
  const [table, json, csv] = await Promise.all([ask(), ask("--format", "json"), ask("--format=csv")]);
  expect([table, json, csv].map(({ code, error }) => [code, error])).toEqual(Array(3).fill([0, ""]));
  expect(table.out).toMatch(/^2026-11-01 {2}c2 .* hello\n1 row\n$/m);
  expect(JSON.parse(json.out)).toMatchObject([{ conversation_id: "c2", is_hit: true, message: "hello" }]);
  expect(csv.out).toMatch(/\r\n2026-11-01,c2,.*,true,hello\r\n$/);
});

test("takes a value that begins with a dash after --", async () => {
  const { code, out } = await query(await anArchive(), "find-phrase", "--", "-5 %", ...DAYS);
  expect([code, out]).toEqual([0, expect.stringContaining("Is it -5 % today?")]);
});

test("an archive without a call answers no rows, and so does one that does not exist, with a word on it", async () => {
  const folder = await emptyFolder("archive-");
  const [empty, nowhere] = await Promise.all([
    query(folder, "calls-per-day"),
    query(join(folder, "nowhere"), "calls-per-day"),
  ]);
  expect(empty).toEqual({ code: 0, out: expect.stringContaining("(no rows)"), error: "" });
  expect(nowhere).toEqual({ ...empty, error: expect.stringMatching("nowhere does not exist.*npm start") });
});

test("teaches: a list of questions, help on the command, help on one question", async () => {
  const folder = await anArchive();
  const [list, help, one] = await Promise.all([
    query(folder),
    query(folder, "--help"),
    query(folder, "find-phrase", "--help"),
  ]);
  expect([list.code, help.code, one.code]).toEqual([0, 0, 0]);
  expect(list.out).toMatch(/^ {2}calls-per-day +How many calls/m);
  expect(help.out).toContain("--format table|json|csv");
  expect(one.out).toMatch(/Where was a phrase said[\s\S]*Usage: npm run query -- find-phrase PHRASE \[FROM\] \[TO\]/);
});

describe("a mistake is told in a line, without a stack", () => {
  test.each([
    [["calls-per-dai"], 'There is no query "calls-per-dai". Did you mean calls-per-day?'],
    [["calls-per-day", "yesterday"], '"yesterday" is not a value for "from"'],
    [["calls-per-day", ...DAYS, "more"], "at most 2 values, and got 3"],
    [["find-phrase"], 'find-phrase needs a value for "phrase"'],
    [["calls-per-day", "--format", "xml"], 'There is no format "xml"'],
    [["calls-per-day", "--nonsense"], "Unknown option '--nonsense'"],
  ])("%j", async (args, message) => {
    const { code, out, error } = await query(".", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(message);
    expect(error.trim().split("\n")).toHaveLength(1);
  });

  test("a file that cannot be read: 1, because asking differently does not help", async () => {
    const folder = await emptyFolder("archive-");
    await writeLive(join(folder, "analytics"), { turns: [{ dt: "2026-11-01", conversation_id: "c1" }] });
    await writeFile(join(folder, "analytics/live/turns/dt=2026-11-01/c2.parquet"), "no Parquet");
    const { code, error } = await query(folder, "slow-turns", ...DAYS);
    expect(code).toBe(1);
    expect(error).toContain("c2.parquet");
    expect(error).not.toMatch(/^\s+at /m);
  });
});

test("whoever reads only the beginning ends it without an error", async () => {
  const child = spawn(process.execPath, [CLI], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(said).toBe("");
});
