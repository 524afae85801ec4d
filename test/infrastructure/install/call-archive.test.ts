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

test("runs a command with its arguments and returns its status", () => {
  expect(ran(PROGRAM, "help", "compact").stdout).toContain("npx call-archive compact");
  const mistake = { status: 2, stdout: "", stderr: "Option '--day <date>' needs a value\n" };
  expect(ran(PROGRAM, "compact", "--day")).toEqual(mistake);
});

test("prints one line when it is a dependency, because Node runs no TypeScript there", async () => {
  const folder = join(await newFolder(), "node_modules/call-archive/infrastructure/install");
  await mkdir(folder, { recursive: true });
  await copyFile(PROGRAM, join(folder, "call-archive.cjs"));
  const { status, stdout, stderr } = ran(join(folder, "call-archive.cjs"), "help");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^call-archive runs from a clone of its repository, .*\n$/);
});
