import { join } from "node:path";
import { ENTRY } from "../../support/fixtures/command.ts";
import type { Group, Scale } from "../group.ts";
import { type BenchRow, measurement } from "../measurement.ts";
import { processMs } from "../processes.ts";
import { RAW_QUERIES } from "../raw-sql.ts";
import { DAY_SECRET } from "../tasks/make.ts";
import type { RunTask } from "../tasks.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

const CALLS = { full: 1_000, quick: 2 };

/**
 * Larger days, of which only questions are measured: over few columns, over words, and over four tables. Each hour has
 * as many calls. It is 22:15: the hours until then are packed, by the compactor or when the day is made.
 */
const LARGE = [
  { calls: { full: 10_000, quick: 30 }, isMadePacked: false },
  { calls: { full: 100_000, quick: 50 }, isMadePacked: true },
] as const;
const ASKED = ["calls-per-day", "find-phrase", "worst-calls"];

/** A day of calls: questions while it is live, closing it, and verifying it. */
export const liveDay: Group = {
  name: "live-day",
  measure: (scale, run) =>
    withTemporaryFolder(async (folder) => {
      const calls = CALLS[scale];
      await run("makeDay", { folder, calls });
      const name = (what: string) => `${what}, ${calls.toLocaleString("en")} calls`;
      const asked = await questionsOf(folder, scale, run);
      const compacted = await run("compaction", { folder });
      const files = compacted["files"]?.[0];
      const closing: BenchRow[] = [
        {
          name: name("closing the day"),
          unit: "ms",
          ours: measurement("CPU time", compacted["ours"] ?? []),
          alternative: measurement("CPU time of DuckDB's `copy`, each table", compacted["alternative"] ?? []),
          floor: measurement(`CPU time for reading the ${files} live objects`, compacted["floor"] ?? []),
        },
        {
          name: name("closing the day, memory"),
          unit: "MB",
          ours: measurement("most memory, more than at rest", compacted["grownMb"] ?? []),
        },
      ];
      const rows = [...asked.map((row) => ({ ...row, name: name(row.name) })), ...closing];
      const large: BenchRow[] = [];
      for (const day of LARGE) large.push(...(await onLargeDay(day, scale, run)));
      const all = [...rows, ...large];
      return scale === "quick" ? all : [...all, await verification(folder, calls, run)];
    }),
};

function onLargeDay({ calls: perScale, isMadePacked }: (typeof LARGE)[number], scale: Scale, run: RunTask) {
  const calls = perScale[scale];
  return withTemporaryFolder(async (folder): Promise<BenchRow[]> => {
    const analytics = join(folder, "analytics");
    const name = (what: string) => `${what}, ${calls.toLocaleString("en")} calls`;
    const ask = (side: string) => run("queries", { folder: analytics, runs: 3, side, only: ASKED.join(",") });
    await run("makeLiveDay", { folder: analytics, calls, state: isMadePacked ? "packed" : "live" });
    const live = isMadePacked ? {} : await ask("live");
    const packing = isMadePacked ? undefined : await run("packing", { folder });
    const packed = await ask("recorded");
    const questions = ASKED.map((query): BenchRow => {
      const unpacked = live[query];
      return {
        name: name(query),
        unit: "ms",
        ours: measurement("22 packed hours and two live ones", packed[query] ?? []),
        ...(unpacked && { alternative: measurement("no hour is packed", unpacked) }),
        floor: measurement("a scan of the same columns", packed[`${query} floor`] ?? []),
      };
    });
    if (!packing) return questions;
    const ours = measurement("CPU time", packing["ours"] ?? []);
    return [...questions, { name: name("packing 22 hours"), unit: "ms", ours }];
  });
}

async function questionsOf(folder: string, scale: Scale, run: RunTask): Promise<BenchRow[]> {
  const analytics = join(folder, "analytics");
  const asked = scale === "full" ? RAW_QUERIES : RAW_QUERIES.slice(0, 1);
  const options = { folder: analytics, runs: scale === "full" ? 5 : 1, side: "live", only: asked.join(",") };
  const live = await run("queries", options);
  const archive = join(folder, "archive");
  const raw = await run("rawQueries", { folder: archive, runs: options.runs, only: options.only });
  return asked.map((query) => ({
    name: query,
    unit: "ms",
    ours: measurement("live objects", live[query] ?? []),
    alternative: measurement("read_json on the raw calls", raw[query] ?? []),
    floor: measurement("a scan of the same columns", live[`${query} floor`] ?? []),
  }));
}

async function verification(folder: string, calls: number, run: RunTask): Promise<BenchRow> {
  const env = { ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: DAY_SECRET };
  const rates: number[] = [];
  for (let n = 0; n < 3; n += 1) rates.push((1000 * calls) / (await processMs([ENTRY, "verify"], env)));
  const floor = await run("verifyFloor", { folder, calls });
  return {
    name: "`npm run verify`, without recordings",
    unit: "calls/s",
    ours: measurement("the whole process; each object, row and memory", rates),
    floor: measurement(
      "reading, hashing and parsing the same files, without a start, in one thread",
      floor["rates"] ?? [],
    ),
  };
}
