import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * The memory that process `pid` has in use now (its resident set), in bytes; `undefined` if there is no such process, or if
 * the system has no program that answers: Windows has no `ps`, and the report leaves the memory out.
 */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const kilobytes = process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
}

/** Where there is one, it costs less than starting a process, and a small image of Linux may lack `ps`. */
async function fromProc(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
}

async function fromPs(pid: number): Promise<string | undefined> {
  const ps = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]).catch(() => undefined);
  return ps?.stdout.trim() || undefined;
}
