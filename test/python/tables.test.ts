import { execFile } from "node:child_process";
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { TABLES } from "../../queries/tables/all.ts";
import { type AnyRow, HOUR, PARTITION } from "../../queries/tables/table.ts";
import { writeArchive } from "./archive-with-closed-days.ts";

/** What one reader read in one folder. */
interface Answer {
  readonly error?: string;
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** The columns that come from the names of folders, by side. */
const PARTITIONS = { days: [PARTITION.name], live: [PARTITION.name, HOUR.name] };

const FOLDERS = (["days", "live"] as const).flatMap((side) =>
  TABLES.map((table) => ({ table, side, folder: `${side}/${table.name}` })),
);

/** The type of a time in UTC in each reader. */
const UTC = {
  pyarrow: "timestamp[ms, tz=UTC]",
  pandas: "datetime64[ms, UTC]",
  polars: "Datetime(time_unit='ms', time_zone='UTC')",
  duckdb: "TIMESTAMP WITH TIME ZONE",
};

const python = inject("python");

describe.skipIf(python === undefined)("a reader in Python", () => {
  let root = "";
  let written: ReadonlyMap<string, readonly AnyRow[]> = new Map();
  let answers: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {};
  let closedDays: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "readers-"));
    written = await writeArchive(root);
    const closed = await Array.fromAsync(glob("days/*/*", { cwd: root }));
    closedDays = new Set(closed.map((path) => path.slice(-"YYYY-MM-DD".length)));
    const folders = FOLDERS.map(({ folder }) => join(root, folder));
    const script = join(import.meta.dirname, "read_tables.py");
    // In another zone, a time without a zone would be another moment.
    const options = { maxBuffer: 2 ** 28, env: { ...process.env, TZ: "Asia/Tokyo" } };
    const { stdout } = await promisify(execFile)(python ?? "", [script, ...folders], options);
    answers = JSON.parse(stdout);
  });
  afterAll(() => rm(root, { recursive: true }));

  describe.each(FOLDERS)("reads $folder", ({ table, side, folder }) => {
    const columns = [...Object.keys(table.columns), ...PARTITIONS[side]];
    const compared = [...Object.keys(table.columns), PARTITION.name];

    test.each(Object.entries(UTC))("as one table with every row and column: %s", (reader, utc) => {
      const { error, types, rows } = answers[join(root, folder)]?.[reader] ?? { types: {}, rows: [] };
      expect(error).toBeUndefined();
      expect(Object.keys(types)).toEqual(columns);
      const times = columns.filter((name) => table.columns[name]?.type === "timestamp");
      expect(times.map((name) => types[name])).toEqual(times.map(() => utc));

      const expected = [...written].flatMap(([key, ofObject]) =>
        key.startsWith(`live/${table.name}/`) ? ofObject : [],
      );
      const isRead = (row: AnyRow) => folder.startsWith("live/") || closedDays.has(String(row[PARTITION.name]));
      expect(expected.some(isRead)).toBe(true);
      expect(rows.map((row) => line(compared, row)).sort()).toEqual(
        expected
          .filter(isRead)
          .map((row) => line(compared, row))
          .sort(),
      );
    });
  });
});

/** A row as text to compare: each time as its moment, each number without its type. */
function line(columns: readonly string[], row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(columns.map((name) => plain(row[name])));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  const isTime =
    value instanceof Date || (typeof value === "string" && /^\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d$/.test(value));
  return isTime ? new Date(value).getTime() : value;
}
