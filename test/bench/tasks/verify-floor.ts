import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskOptions, TaskResult } from "../tasks.ts";

const RUNS = 3;

/**
 * The calls per second of the least that verifying `calls` calls in `folder` could do, in one thread: read each file
 * except the recordings, hash it, and parse what is JSON.
 */
export async function verifyFloor({ folder, calls }: TaskOptions): Promise<TaskResult> {
  const rates: number[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const startedAt = performance.now();
    for (const each of readdirSync(String(folder), { recursive: true, withFileTypes: true })) {
      if (!each.isFile() || each.name.endsWith(".mp3")) continue;
      const body = readFileSync(join(each.parentPath, each.name));
      hash("sha256", body);
      if (body[0] === OBJECT || body[0] === LIST) for (const line of linesIn(body)) JSON.parse(line);
    }
    rates.push((1000 * Number(calls)) / (performance.now() - startedAt));
  }
  return { rates };
}

const OBJECT = "{".charCodeAt(0);
const LIST = "[".charCodeAt(0);

/** The documents in a file: memories are one for each line. */
function linesIn(body: Buffer): string[] {
  return body
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}
