import { type BenchRow, ratioToFloor, rounded } from "./measurement.ts";
import type { Results } from "./results.ts";
import { alignedTable } from "./table.ts";

/** A limit that a measurement should keep. */
interface Target {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** Whether the limit is the least value and not the most. */
  readonly isLeast?: true;
  readonly group: string;
  /** The name of the row, and the number of it. */
  readonly row: string;
  readonly value: (row: BenchRow) => number | undefined;
  /** Why the limit is missed, if it is. */
  readonly reason: string;
}

const RATIO = (row: BenchRow) => ratioToFloor(row);
const MEDIAN = (row: BenchRow) => row.ours.median;

/** The bytes of a recording of 45 MB, in a rate from its milliseconds. */
const rateOf = (megabytes: number) => (row: BenchRow) => rounded((1000 * megabytes) / row.ours.median);

const TARGETS: readonly Target[] = [
  {
    what: "CPU time of a cold receiver",
    limit: 2.5,
    unit: "times an empty handler",
    group: "cold-receiver",
    row: "the first delivery, CPU time",
    value: RATIO,
    reason:
      "Node's modules for TLS, HTTP and hashes take most of the difference. The rest finds the key of the call, and signs and retries two requests.",
  },
  {
    what: "processing a recording of 45 MB",
    limit: 400,
    unit: "MB/s",
    isLeast: true,
    group: "recordings",
    row: "45 MB, time",
    value: rateOf(45),
    reason:
      "The floor alone, which only reads, decodes and writes, takes most of that time. Ours also hashes the delivery and the MP3, and decodes twice, so that the MP3 is never in memory as a whole.",
  },
  {
    what: "memory for a recording of 45 MB",
    limit: 2,
    unit: "times the delivery",
    group: "recordings",
    row: "45 MB, memory",
    value: RATIO,
    reason: "The delivery is in memory as a whole, and blocks of it as text.",
  },
  {
    what: "memory for a recording of 200 MB",
    limit: 1.5,
    unit: "times the delivery",
    group: "recordings",
    row: "200 MB, memory",
    value: RATIO,
    reason: "The delivery is in memory as a whole, and blocks of it as text.",
  },
  ...[
    { calls: 10_000, limit: 2_000 },
    { calls: 100_000, limit: 10_000 },
  ].flatMap(({ calls, limit }) =>
    ["calls-per-day", "find-phrase", "worst-calls"].map((query) => ({
      what: `\`${query}\` over the running day, ${calls.toLocaleString("en")} calls`,
      limit,
      unit: "ms",
      group: "live-day",
      row: `${query}, ${calls.toLocaleString("en")} calls`,
      value: MEDIAN,
      reason:
        "The hours that are not over are one object for each call and table, and opening them takes most of the time.",
    })),
  ),
  {
    what: "`find-phrase` over a month of 100,000 calls",
    limit: 2,
    unit: "times a scan",
    group: "questions",
    row: "find-phrase, 100,000 calls",
    value: RATIO,
    reason: "The scan reads the turns. The query also folds each message, and has a window over all turns.",
  },
  {
    what: "`npm start` on 100,000 calls accepts deliveries",
    limit: 1,
    unit: "s",
    group: "start",
    row: "accepts deliveries, 100,000 calls",
    value: MEDIAN,
    reason: "Before it listens, the start checks whether the folder is empty or a copy, and loads all modules.",
  },
  {
    what: "a question over a month of 100,000 calls, as a command",
    limit: 1000,
    unit: "ms",
    group: "questions",
    row: "`npm run query -- calls-per-day`, 100,000 calls",
    value: MEDIAN,
    reason: "Starting Node, DuckDB and the translator takes most of the time.",
  },
  {
    what: "`npm run verify` without recordings",
    limit: 2000,
    unit: "calls/s",
    isLeast: true,
    group: "live-day",
    row: "`npm run verify`, without recordings",
    value: MEDIAN,
    reason:
      "The check computes the rows of each call again, and reads, hashes and parses each of its files. Reading, hashing and parsing alone (the floor of the row) is near the target, without the start of the process. With 1,000 calls, a third of the time is that start, the start of a thread, and code that is not compiled yet.",
  },
];

/** The targets with their measurements, the missed ones first, and a reason for each of those. In Markdown. */
export function targetsText(results: Results): string {
  const measured = TARGETS.map((target) => {
    const row = results[target.group]?.rows.find(({ name }) => name === target.row);
    const value = row && target.value(row);
    return { ...target, value, verdict: verdictOn(target, value) };
  });
  const sorted = VERDICTS.flatMap((verdict) => measured.filter((each) => each.verdict === verdict));
  const rows = sorted.map(({ what, limit, unit, isLeast, value, verdict }) => [
    what,
    `${isLeast ? "at least" : "at most"} ${limit.toLocaleString("en")} ${unit}`,
    value === undefined ? "–" : String(value),
    verdict,
  ]);
  const missed = sorted.filter(({ verdict }) => verdict === "**missed**");
  const reasons = missed.map(({ what, reason }) => `- **${capitalized(what)}.** ${reason}`);
  const table = alignedTable(["target", "limit", "measured", ""], rows, new Set(["measured"]));
  return [table, ...(reasons.length > 0 ? ["", ...reasons] : [])].join("\n");
}

/** In the order of the table. */
const VERDICTS = ["**missed**", "not measured", "kept"] as const;

function verdictOn(target: Target, value: number | undefined): (typeof VERDICTS)[number] {
  if (value === undefined) return "not measured";
  return isKept(target, value) ? "kept" : "**missed**";
}

function isKept({ limit, isLeast }: Target, value: number): boolean {
  return isLeast ? value >= limit : value <= limit;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
