import { join } from "node:path";
import type { Group, Scale } from "../group.ts";
import { type BenchRow, measurement } from "../measurement.ts";
import type { RunTask } from "../tasks.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

const SIZES = { full: [1_000, 10_000], quick: [2] };
const REQUESTS = ["the calls list", "facets", "overview", "search"];

/** Requests of the read API while a day is live. */
export const readApi: Group = {
  name: "read-api",
  async measure(scale, run) {
    const rows: BenchRow[] = [];
    for (const calls of SIZES[scale]) {
      rows.push(...(await withTemporaryFolder((folder) => requestsOf(join(folder, "analytics"), calls, scale, run))));
    }
    return rows;
  },
};

async function requestsOf(folder: string, calls: number, scale: Scale, run: RunTask): Promise<BenchRow[]> {
  await run("makeLiveDay", { folder, calls });
  const runs = scale === "full" ? 5 : 1;
  const open = await run("readApi", { folder, runs, engine: "open" });
  const files = await run("readApi", { folder, runs, engine: "new" });
  const name = (what: string) => `${what}, ${calls.toLocaleString("en")} live calls`;
  const scans = ["one column", "all columns"].map(
    (what): BenchRow => ({
      name: name(`${what} of the calls`),
      unit: "ms",
      ours: measurement("CPU time", open[what] ?? []),
      alternative: measurement("CPU time of the same query on the files", files[what] ?? []),
    }),
  );
  const requests = REQUESTS.flatMap((request): BenchRow[] => [
    {
      name: name(request),
      unit: "ms",
      ours: measurement("CPU time", open[request] ?? []),
      alternative: measurement("CPU time of the same query on the files", files[request] ?? []),
    },
    ...(request === "the calls list" || request === "search"
      ? [
          {
            name: name(`${request}, first request`),
            unit: "ms" as const,
            ours: measurement("CPU time", open[`${request} first`] ?? []),
            alternative: measurement("CPU time of the same query on the files", files[`${request} first`] ?? []),
          },
        ]
      : []),
  ]);
  return [...requests, ...scans];
}
