import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PICTURE, pictureOf } from "../../../../infrastructure/picture/demo-picture.client.ts";
import { SHOWCASE_COUNT, sampleCalls } from "../../../../infrastructure/samples/sample-calls.ts";
import { ENTRY } from "../../../support/fixtures/command.ts";
import { newFolder } from "../../../support/fixtures/local.ts";

/** Runs the demo in a separate folder, with only PATH in its environment. */
function demo(cwd: string, ...args: string[]) {
  return promisify(execFile)(process.execPath, [ENTRY, "demo", ...args], { cwd, env: { PATH: process.env["PATH"] } });
}

test("prints the files, three query results and a memory that are right for the calls it sent", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, ".archive-demo/archive/16125550100"), { recursive: true });
  await writeFile(join(folder, ".archive-demo/archive/16125550100/of_an_earlier_demo.json"), "{}");
  const started = new Date();
  const { stdout } = await demo(folder);
  // The same seed creates the same people and ids; only the times differ.
  const calls = sampleCalls({ count: SHOWCASE_COUNT, seed: 1, until: started });
  const [nora] = calls;

  for (const { caller, conversationId, mp3, bodies } of calls) {
    const files = await readdir(join(folder, ".archive-demo/archive", caller));
    const own = files
      .filter((file) => file.startsWith(conversationId))
      .map((file) => file.slice(conversationId.length));
    expect(own.sort()).toEqual(bodies.failure ? [".failure.json"] : [".json", ...(mp3 ? [".mp3"] : [])]);
    for (const suffix of own) expect(stdout).toContain(`${conversationId}${suffix} `);
    if (!mp3) continue;
    const stored = await readFile(join(folder, ".archive-demo/archive", caller, `${conversationId}.mp3`));
    expect(stored.equals(mp3)).toBe(true);
  }

  const answered = calls.filter(({ bodies }) => bodies.transcription).length;
  expect(sum(columnOf(stdout, "average_secs", /^\d{4}-\d\d-\d\d +agent_.*? (\d+) +[\d.]+ +[\d.]+ +[\d.]+$/))).toBe(
    answered,
  );
  expect(stdout).toMatch(/agent +true +Three to five working days, back to the card you paid with\./);
  expect(stdout).toMatch(new RegExp(`^${nora?.caller} +3 +`, "m"));
  expect(stdout).toMatch(/factual\n +Nora Whitlow was charged twice for truing a wheel/);
  expect(stdout).not.toContain("of_an_earlier_demo");
  expect(stdout).toContain("Every object is stored as it was sent, byte for byte");

  // `npm run picture` draws it again.
  const committed = await readFile(PICTURE, "utf8");
  expect(timeless(committed), "the README's picture").toBe(timeless(await pictureOf(stdout, folder)));
  expect(committed).toContain("npm run demo");
});

test("prints its help, and creates nothing", async () => {
  const folder = await newFolder();
  const { stdout } = await demo(folder, "--help");
  expect(stdout).toMatch("Usage: npm run demo");
  expect(await readdir(folder)).toEqual([]);
});

/** The number that `pattern` finds in each line of the table whose header names `column`. */
function columnOf(text: string, column: string, pattern: RegExp): number[] {
  const lines = text.split("\n");
  const table = lines.slice(lines.findIndex((line) => line.includes(column)) + 2);
  return table
    .slice(
      0,
      table.findIndex((line) => / rows?$/.test(line)),
    )
    .map((line) => Number(pattern.exec(line)?.[1]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The picture without the parts that differ between runs: days, times and the port. */
function timeless(svg: string): string {
  return svg
    .replaceAll(/\d{4}-\d\d-\d\d/g, "DAY")
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replace(/(textLength="[\d.]+")(.*http:\/\/127\.0\.0\.1:)\d+/, "LENGTH$2PORT");
}
