import { spawnSync } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../support/fixtures/local.ts";

const PROGRAM = join(import.meta.dirname, "../../../infrastructure/install/call-archive.cjs");

function ran(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("the program runs a command, with its arguments and its status", () => {
  expect(ran(PROGRAM, "help", "compact").stdout).toContain("npx call-archive compact");
  const mistake = { status: 2, stdout: "", stderr: "Option '--day <date>' needs a value\n" };
  expect(ran(PROGRAM, "compact", "--day")).toEqual(mistake);
});

test("as a dependency, where Node runs no TypeScript, it prints one line", async () => {
  const folder = join(await newFolder(), "node_modules/call-archive/infrastructure/install");
  await mkdir(folder, { recursive: true });
  await copyFile(PROGRAM, join(folder, "call-archive.cjs"));
  const { status, stdout, stderr } = ran(join(folder, "call-archive.cjs"), "help");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^call-archive runs from a clone of its repository, .*\n$/);
});
