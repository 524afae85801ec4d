import type { Group } from "../group.ts";
import { type BenchRow, measurement, rounded } from "../measurement.ts";
import { recordingRun } from "../tasks/recording.ts";
import type { TaskResult } from "../tasks.ts";

const SIZES = {
  full: [
    { megabytes: 1, runs: 5 },
    { megabytes: 10, runs: 5 },
    { megabytes: 45, runs: 5 },
    { megabytes: 200, runs: 3 },
  ],
  quick: [{ megabytes: 0.02, runs: 1 }],
};

/** Processing a delivered recording into a folder, each in a new process: the time, and the memory. */
export const recordings: Group = {
  name: "recordings",
  async measure(scale, run) {
    const rows: BenchRow[] = [];
    for (const { megabytes, runs } of SIZES[scale]) {
      const ours: TaskResult[] = [];
      const floors: TaskResult[] = [];
      for (let n = 0; n < runs; n += 1) {
        const { ours: one, floor } = await recordingRun(megabytes, (options) => run("recording", options));
        ours.push(one);
        floors.push(floor);
      }
      const rate = rounded((1000 * megabytes) / median(ours, "ms"));
      rows.push({
        name: `${megabytes} MB, time`,
        unit: "ms",
        ours: measurement("checked, decoded, hashed, written", valuesOf(ours, "ms")),
        floor: measurement("read, Node's base64 decoder, one write", valuesOf(floors, "ms")),
        note: `${rate} MB/s, with ${median(ours, "cpuMs")} ms of CPU time`,
      });
      rows.push({
        name: `${megabytes} MB, memory`,
        unit: "MB",
        ours: measurement("most memory, more than at rest", valuesOf(ours, "grownMb")),
        alternative: measurement("the same for the floor of the time", valuesOf(floors, "grownMb")),
        floor: measurement("the delivery, in base64", [(megabytes * 4) / 3]),
      });
    }
    return rows;
  },
};

function median(results: readonly TaskResult[], name: string): number {
  return measurement("", valuesOf(results, name)).median;
}

function valuesOf(results: readonly TaskResult[], name: string): number[] {
  return results.flatMap((result) => result[name] ?? []);
}
