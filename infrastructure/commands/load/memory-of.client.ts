import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * Returns the memory that process `pid` uses now (its resident set), in bytes; `undefined` if there is no such process,
 * or if the system has no `ps`, like Windows. The report then leaves the memory out.
 */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const kilobytes = process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
}

/** Reading `/proc` costs less than starting a process, and a small Linux image may lack `ps`. */
async function fromProc(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
}

async function fromPs(pid: number): Promise<string | undefined> {
  const ps = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]).catch(() => undefined);
  return ps?.stdout.trim() || undefined;
}
