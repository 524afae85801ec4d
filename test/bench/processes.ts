import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunTask } from "./tasks.ts";

const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs a task in a new process, so that no task inherits a warm heap or compiled code. */
export const runInProcess: RunTask = async (name, options) => {
  const script = join(import.meta.dirname, "task-process.ts");
  return JSON.parse(await outputOf([script, name, JSON.stringify(options)]));
};

/** The output of Node with these arguments, in a new process. */
async function outputOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], {
    env: { PATH: process.env["PATH"], ...env },
    maxBuffer: MOST_OUTPUT,
  });
  return stdout;
}

/** How long a whole process of Node takes with these arguments, in milliseconds. Its output is dropped. */
export async function processMs(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args], { env: { PATH: process.env["PATH"], ...env }, stdio: "ignore" });
  const code = await new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return performance.now() - startedAt;
}
