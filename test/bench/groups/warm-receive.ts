import type { Group } from "../group.ts";
import { measurement } from "../measurement.ts";

const SIZES = { full: [100, 5_000], quick: [10] };

/** Receiving a delivery into a folder, in a process that has received others. */
export const warmReceive: Group = {
  name: "warm-receive",
  async measure(scale, run) {
    const rows = [];
    for (const kilobytes of SIZES[scale]) {
      const runs = scale === "quick" ? 1 : 31;
      const { ours = [], alternative = [], floor = [] } = await run("warmReceive", { kilobytes, runs });
      rows.push({
        name: kilobytes < 1_000 ? `${kilobytes} kB` : `${kilobytes / 1_000} MB`,
        unit: "ms" as const,
        ours: measurement("verified, named, written with its metadata", ours),
        alternative: measurement("HMAC, JSON.parse, one write", alternative),
        floor: measurement("HMAC, one write", floor),
      });
    }
    return rows;
  },
};
