import { join } from "node:path";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { ENTRY } from "../../support/fixtures/command.ts";
import type { Group } from "../group.ts";
import { DAYS, dateOf } from "../made/templates.ts";
import { type BenchRow, measurement } from "../measurement.ts";
import { processMs } from "../processes.ts";
import { RAW_QUERIES } from "../raw-sql.ts";
import type { RunTask } from "../tasks.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

/** The raw JSON of 100,000 calls has 3.7 GB, and reading it five times takes longer than all other rows. */
const MOST_RAW_CALLS = 10_000;

const SIZES = { full: [1_000, 10_000, 100_000], quick: [3] };

/** Every saved query over a month of closed days, in one open engine. */
export const questions: Group = {
  name: "questions",
  async measure(scale, run) {
    const rows: BenchRow[] = [];
    for (const calls of SIZES[scale])
      rows.push(...(await withTemporaryFolder((folder) => ofSize(calls, folder, scale, run))));
    return rows;
  },
};

async function ofSize(calls: number, folder: string, scale: "full" | "quick", run: RunTask): Promise<BenchRow[]> {
  const [analytics, raw, runs] = [join(folder, "analytics"), join(folder, "raw"), scale === "full" ? 3 : 1];
  await run("makeTables", { folder: analytics, calls });
  // A quick run has the queries of each table only once.
  const only = scale === "full" ? "" : RAW_QUERIES.join(",");
  const times = await run("queries", { folder: analytics, runs, side: "days", only });
  const isRaw = calls <= MOST_RAW_CALLS;
  if (isRaw) await run("makeRaw", { folder: raw, calls });
  const rawTimes = isRaw ? await run("rawQueries", { folder: raw, runs }) : {};
  const names = (await readSavedQueries()).map(({ name }) => name).filter((name) => name in times);
  const rows = names.map((name): BenchRow => {
    const rawMs = rawTimes[name];
    return {
      name: `${name}, ${calls.toLocaleString("en")} calls`,
      unit: "ms",
      ours: measurement("a month of closed days", times[name] ?? []),
      alternative: rawMs && measurement("read_json on the raw calls", rawMs),
      floor: measurement("a scan of the same columns", times[`${name} floor`] ?? []),
      note: !isRaw && RAW_QUERIES.includes(name) ? `the raw JSON is measured up to ${MOST_RAW_CALLS} calls` : undefined,
    };
  });
  return scale === "quick" ? rows : [...rows, await fromTheCommandLine(folder, calls)];
}

/** A saved query as a command: most of its time is spent on starting. */
async function fromTheCommandLine(folder: string, calls: number): Promise<BenchRow> {
  const args = [ENTRY, "query", "calls-per-day", dateOf(0), dateOf(DAYS - 1)];
  const times: number[] = [];
  const empty: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    times.push(await processMs(args, { ARCHIVE_DIR: folder }));
    empty.push(await processMs(["-e", ""]));
  }
  return {
    name: `\`npm run query -- calls-per-day\`, ${calls.toLocaleString("en")} calls`,
    unit: "ms",
    ours: measurement("the whole process", times),
    floor: measurement("a process of Node that does nothing", empty),
  };
}
