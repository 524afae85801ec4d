import type { Group } from "../group.ts";
import { measurement } from "../measurement.ts";

const SIZES = { full: { kilobytes: 150, runs: 9, size: 25 }, quick: { kilobytes: 10, runs: 1, size: 1 } };

/** Processing a transcription, without the disk. */
export const processing: Group = {
  name: "processing",
  async measure(scale, run) {
    const { ours = [], floor = [], turns: [turns] = [] } = await run("processing", SIZES[scale]);
    return [
      {
        name: `a call of ${turns} turns`,
        unit: "ms",
        ours: measurement("CPU time: all tables, memories, index", ours),
        floor: measurement("CPU time: JSON.parse, the Parquet file of the turns", floor),
      },
    ];
  },
};
