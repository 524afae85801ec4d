import { rounded } from "./measurement.ts";
import type { Results } from "./results.ts";
import { alignedTable } from "./table.ts";

const CALLS_A_DAY = [100, 1_000, 10_000, 100_000, 1_000_000];
const [DAYS_A_MONTH, DAYS_A_YEAR, SECONDS_A_DAY] = [30, 365, 24 * 60 * 60];

/** The sizes of which the closed month is measured. */
const MEASURED_MONTHS = [1_000, 10_000, 100_000];

/** The cost of each part at a number of calls a day, computed from the measured rows. In Markdown. */
export function scaleText(results: Results): string {
  const median = (group: string, row: string): number =>
    results[group]?.rows.find(({ name }) => name.startsWith(row))?.ours.median ?? Number.NaN;
  const perCall = (ms: number, calls: number) => ms / 1000 / calls;

  const endToEnd = median("throughput", "1,000 calls of 150 kB");
  const processing = perCall(median("processing", "a call of "), 1);
  const closing = perCall(median("live-day", "closing the day, 1,000 calls"), 1_000);
  const live = perCall(median("live-day", "calls-per-day, 1,000 calls"), 1_000);
  const recovery = median("start", "recovery is complete, 100,000 calls") / 100_000;
  const verified = median("live-day", "`npm run verify`, without recordings, 1,000 calls");
  const month = (query: string) => (perDay: number) => {
    const calls = DAYS_A_MONTH * perDay;
    const size = MEASURED_MONTHS.find((each) => each >= calls) ?? 100_000;
    const ms = median("questions", `${query}, ${size.toLocaleString("en")} calls`);
    return (ms / 1000) * Math.max(1, calls / size);
  };

  const parts: readonly (readonly [string, (perDay: number) => string])[] = [
    [
      "one machine: share of the throughput, at an even rate",
      (n) => `${rounded((100 * n) / SECONDS_A_DAY / endToEnd)} %`,
    ],
    ["processing: CPU time a day", (n) => duration(n * processing)],
    ["closing a day: CPU time", (n) => duration(n * closing)],
    ["`calls-per-day` over a closed month", (n) => duration(month("calls-per-day")(n))],
    ["`find-phrase` over a closed month", (n) => duration(month("find-phrase")(n))],
    ["`calls-per-day` over a live day", (n) => duration(n * live)],
    ["`npm start`: recovery with a year of calls", (n) => duration(DAYS_A_YEAR * n * recovery)],
    ["`npm run verify` of a month", (n) => duration((DAYS_A_MONTH * n) / verified)],
  ];
  const columns = ["part", ...CALLS_A_DAY.map((n) => `${n.toLocaleString("en")} a day`)];
  const rows = parts.map(([part, at]) => [part, ...CALLS_A_DAY.map(at)]);
  return alignedTable(columns, rows, new Set(columns.slice(1)));
}

/** A time in the unit that people would use. */
function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "–";
  if (seconds < 1) return `${rounded(1000 * seconds)} ms`;
  if (seconds < 120) return `${rounded(seconds)} s`;
  if (seconds < 7_200) return `${rounded(seconds / 60)} min`;
  return `${rounded(seconds / 3_600)} h`;
}
