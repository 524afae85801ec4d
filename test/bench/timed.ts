import { readFile, writeFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose_gc");
const collectGarbage: () => void = runInNewContext("gc");

/** The times of one run, and the memory of its process at the peak and before it. In milliseconds and MB. */
export interface Timed {
  readonly ms: number;
  readonly cpuMs: number;
  /** How much more memory than before the run the process had at its peak. */
  readonly grownMb: number;
}

/** Runs `work` once, and returns its times and the growth of memory. */
export async function timed(work: () => unknown): Promise<Timed> {
  const before = await restingBytes();
  const times = await clocked(work);
  return { ...times, grownMb: Math.max(0, (await peakBytes()) - before) / 1e6 };
}

/** Runs `work` once, and returns its times. */
export async function clocked(work: () => unknown): Promise<Omit<Timed, "grownMb">> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const [ms, { user, system }] = [performance.now() - startedAt, process.cpuUsage(cpu)];
  return { ms, cpuMs: (user + system) / 1e3 };
}

/** The wall times of `runs` runs of `work`, after one that does not count. */
export async function warmMs(runs: number, work: (run: number) => unknown): Promise<number[]> {
  await work(-1);
  return timesOf(runs, async (run) => (await clocked(() => work(run))).ms);
}

/** The CPU times of `runs` batches of `size` runs of `work`, per run, after one batch that does not count. */
export async function warmCpuMs(runs: number, size: number, work: () => unknown): Promise<number[]> {
  const batch = async () => {
    for (let n = 0; n < size; n += 1) await work();
  };
  await batch();
  return timesOf(runs, async () => (await clocked(batch)).cpuMs / size);
}

async function timesOf(runs: number, once: (run: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await once(run));
  return times;
}

/** The memory of this process without the garbage of loading its modules. Its peak is counted from here on. */
async function restingBytes(): Promise<number> {
  for (let n = 0; n < 2; n += 1) collectGarbage();
  // Linux resets the peak (man 5 proc, 2026-11). On other systems the peak may be from before.
  await writeFile("/proc/self/clear_refs", "5").catch(() => {});
  return process.memoryUsage.rss();
}

/**
 * The peak memory of this process. Linux counts the memory of the parent in `resourceUsage` of its child, so there the
 * number is that of the process alone.
 */
async function peakBytes(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return 1024 * Number(kilobytes ?? process.resourceUsage().maxRSS);
}
