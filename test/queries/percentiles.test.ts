import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { emptyFolder, engineOn, writeLive } from "./analytics-folder.ts";
import { plainRows } from "./cases.ts";

const queries = await readSavedQueries();

/** The one expression of a percentile, between 0 and 1, of the column with these places. */
const PERCENTILE = /sum\(\w+ \* greatest\(1 - abs\(last_(\w*)place \* 0\.(\d+)e0 - \1place\), 0e0\)\)/;

test("every percentile of a query is the same expression, for the percentage in its name", () => {
  const found = queries.flatMap(({ name, sql, header }) => {
    const statement = sql.slice(header.length).replaceAll(/\s+/g, " ");
    return [...statement.matchAll(/round\(((?:(?!round\().)*?), \d\) as p(\d\d)_/g)].map(([, expression, named]) => ({
      name,
      stated: PERCENTILE.exec(expression ?? "")?.[2]?.padEnd(2, "0"),
      named,
    }));
  });
  expect(found.length).toBeGreaterThan(10);
  expect(queries.filter(({ sql }) => sql.includes("approx_percentile"))).toEqual([]);
  for (const { name, stated, named } of found) expect(stated, name).toBe(named);
});

/** The percentile of `values` as spreadsheets define it: linear between the two nearest values. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

const latencies = fc.array(fc.option(fc.double({ min: 0, max: 900, noNaN: true })), { minLength: 1, maxLength: 40 });

test("a percentile is that of a spreadsheet, for any number of values, equal ones and nulls", async () => {
  const sql = queries.find(({ name }) => name === "tool-calls")?.sql ?? "";
  const folder = await emptyFolder();
  await fc.assert(
    fc.asyncProperty(fc.array(latencies, { minLength: 1, maxLength: 12 }), async (groups) => {
      await rm(join(folder, "live"), { recursive: true, force: true });
      const rows = groups.flatMap((group, index) =>
        group.map((latency_secs) => ({
          dt: "2026-11-01",
          conversation_id: "c1",
          tool_name: String(index),
          latency_secs,
        })),
      );
      await writeLive(folder, { tool_calls: rows });
      const answer = await (await engineOn(folder)).run(sql, ["2026-11-01", "2026-11-01"]);
      for (const row of plainRows(answer)) {
        const { tool_name, p50_latency_secs, p95_latency_secs } = Object(row);
        const values = (groups[tool_name] ?? []).filter((latency) => latency !== null);
        const close = (share: number) => (values.length ? expect.closeTo(percentile(values, share), 2.8) : null);
        expect([p50_latency_secs, p95_latency_secs]).toEqual([close(0.5), close(0.95)]);
      }
      expect(answer.rows).toHaveLength(groups.length);
    }),
    runs(10),
  );
});
