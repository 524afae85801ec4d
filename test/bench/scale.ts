import type { Results } from "./results.ts";
import { alignedTable } from "./table.ts";

const CALLS_A_DAY = [100, 1_000, 10_000, 100_000, 1_000_000];
const [DAYS_A_MONTH, DAYS_A_YEAR, SECONDS_A_DAY] = [30, 365, 24 * 60 * 60];

/** The sizes of which the closed month is measured. */
const MEASURED_MONTHS = [1_000, 10_000, 100_000];

/** More calls a day than any part is asked about. */
const MOST_CALLS = 1_000_000_000;

/** A part of the archive, its cost at a number of calls a day, and the cost at which it no longer serves. */
interface Part {
  readonly part: string;
  /** In seconds. */
  readonly cost: (callsADay: number) => number;
  readonly limit: { readonly secs: number; readonly why: string };
  /** What to do then. */
  readonly remedy: string;
}

/** The cost of each part at a number of calls a day, and what breaks first. In Markdown, from the measured rows. */
export function scaleText(results: Results): string {
  const parts = partsOf(results);
  const columns = ["part", ...CALLS_A_DAY.map((n) => `${n.toLocaleString("en")} a day`)];
  const costs = parts.map(({ part, cost }) => [part, ...CALLS_A_DAY.map((n) => duration(cost(n)))]);
  const breaking = parts
    .map((each) => ({ ...each, at: callsAt(each) }))
    .sort((one, other) => (one.at || Number.POSITIVE_INFINITY) - (other.at || Number.POSITIVE_INFINITY));
  const rows = breaking.map(({ part, limit, at, remedy }) => [
    part,
    `${duration(limit.secs)}: ${limit.why}`,
    Number.isNaN(at) ? "–" : rounded2(at).toLocaleString("en"),
    remedy,
  ]);
  return [
    alignedTable(columns, costs, new Set(columns.slice(1))),
    "",
    "What breaks first, at which number of calls a day, and what to do then:",
    "",
    alignedTable(["part", "limit", "calls a day", "then"], rows, new Set(["calls a day"])),
  ].join("\n");
}

function partsOf(results: Results): Part[] {
  const median = (group: string, row: string): number =>
    results[group]?.rows.find(({ name }) => name.startsWith(row))?.ours.median ?? Number.NaN;
  const throughput = median("throughput", "1,000 calls of 150 kB");
  const processing = median("processing", "a call of ") / 1000;
  const closing = median("live-day", "closing the day, 1,000 calls") / 1000 / 1000;
  const running = median("live-day", "worst-calls, 100,000 calls") / 1000 / 100_000;
  const recovery = median("start", "recovery is complete, 100,000 calls") / 100_000;
  const verified = median("live-day", "`npm run verify`, without recordings");
  const month = (query: string) => (perDay: number) => {
    const calls = DAYS_A_MONTH * perDay;
    const size = MEASURED_MONTHS.find((each) => each >= calls) ?? 100_000;
    const ms = median("questions", `${query}, ${size.toLocaleString("en")} calls`);
    return (ms / 1000) * Math.max(1, calls / size);
  };
  return [
    {
      part: "receiving and processing on one machine, a day",
      cost: (n) => n / throughput,
      limit: { secs: SECONDS_A_DAY / 10, why: "a tenth of a day, for hours with ten times the calls" },
      remedy: "later calls wait in the queue; deploy on AWS, where calls are processed at the same time",
    },
    {
      part: "processing, CPU time a day",
      cost: (n) => n * processing,
      limit: { secs: SECONDS_A_DAY, why: "one core" },
      remedy: "nothing on AWS: more functions run; request a higher limit of the account",
    },
    {
      part: "closing a day, CPU time",
      cost: (n) => n * closing,
      limit: { secs: 600, why: "the function begins no shard after ten of its 15 minutes" },
      remedy: "nothing: the next run continues with the next shard",
    },
    {
      part: "`worst-calls` over the running day",
      cost: (n) => n * running,
      limit: { secs: 10, why: "a person waits" },
      remedy: "ask up to yesterday; Athena reads objects at the same time",
    },
    {
      part: "`calls-per-day` over a closed month",
      cost: month("calls-per-day"),
      limit: { secs: 10, why: "a person waits" },
      remedy: "ask for fewer days",
    },
    {
      part: "`find-phrase` over a closed month",
      cost: month("find-phrase"),
      limit: { secs: 10, why: "a person waits" },
      remedy: "ask for fewer days; Athena divides them",
    },
    {
      part: "recovery of `npm start` with a year of calls",
      cost: (n) => DAYS_A_YEAR * n * recovery,
      limit: { secs: 600, why: "calls of before the start wait as long" },
      remedy: "begin a new folder each year, or deploy on AWS",
    },
    {
      part: "`npm run verify` of a month",
      cost: (n) => (DAYS_A_MONTH * n) / verified,
      limit: { secs: 8 * 3600, why: "a night" },
      remedy: "select days with `--from` and `--to`",
    },
  ];
}

/** The number of calls a day at which a part reaches its limit. */
function callsAt({ cost, limit }: Part): number {
  if (Number.isNaN(cost(1))) return Number.NaN;
  let [low, high] = [0, MOST_CALLS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cost(middle) < limit.secs) low = middle;
    else high = middle;
  }
  return high;
}

/** Two digits: the numbers are computed, and not measured. */
function rounded2(value: number): number {
  return Number(value.toPrecision(2));
}

/** A time in the unit that people would use. */
function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "–";
  if (seconds < 1) return `${rounded2(1000 * seconds)} ms`;
  if (seconds < 120) return `${rounded2(seconds)} s`;
  if (seconds < 7_200) return `${rounded2(seconds / 60)} min`;
  return `${rounded2(seconds / 3_600)} h`;
}
