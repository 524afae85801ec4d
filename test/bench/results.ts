import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { BenchRow } from "./measurement.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The committed results. */
const RESULTS = join(ROOT, "bench/results.json");

/** Where, when and on what the rows of a group were measured. */
export interface Circumstances {
  readonly measured_at: string;
  readonly commit: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: string;
  readonly memory_gb: number;
  /** The load of the machine over a minute, before the first group. More than the number of CPUs distorts wall times. */
  readonly load_average: number;
}

export interface GroupResults extends Circumstances {
  readonly rows: readonly BenchRow[];
}

/** The results of each group, by its name. */
export type Results = Readonly<Record<string, GroupResults>>;

/** Reads the committed results; none if the file is missing. */
export async function readResults(): Promise<Results> {
  const json = await readFile(RESULTS, "utf8").catch(() => "{}");
  return JSON.parse(json);
}

/** Writes the results, so that a repeated run changes only what it measured. */
export async function writeResults(results: Results): Promise<void> {
  await mkdir(dirname(RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

/** The circumstances now. */
export function circumstances(): Circumstances {
  const [first] = cpus();
  return {
    measured_at: new Date().toISOString(),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: `${cpus().length} × ${first?.model.trim()}`,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load_average: Math.round(10 * (loadavg()[0] ?? 0)) / 10,
  };
}
