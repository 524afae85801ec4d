import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { profileText } from "./cpu-profile.ts";
import { GROUPS } from "./groups.ts";
import { type BenchRow, measurement, ratioToFloor, spreadPercent } from "./measurement.ts";
import { generatedParts, PAGE, pageWith } from "./page.ts";
import { type Results, readResults } from "./results.ts";
import { scaleText } from "./scale.ts";
import { terminalTable } from "./table.ts";
import { targetsText } from "./targets.ts";
import { runHere } from "./tasks.ts";

/** Groups that start other processes: `npm run bench -- --quick` runs these, too. */
const IN_PROCESSES = new Set(["cold-receiver", "throughput", "start"]);

const here = GROUPS.filter(({ name }) => !IN_PROCESSES.has(name));

test.each(here)("the code of $name works, and its rows have numbers", async ({ measure }) => {
  const rows = await measure("quick", runHere);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    for (const each of [row.ours, row.alternative, row.floor]) {
      if (each) expect(each.median, `${row.name}: ${each.of}`).toBeGreaterThanOrEqual(0);
    }
  }
});

test("a table has ours, the alternative, the floor, their ratio and the spread", () => {
  const ours = measurement("ours", [30, 10, 20]);
  const row = { name: "a row", unit: "ms" as const, ours, floor: measurement("floor", [5, 5, 5, 5]) };
  expect(ours).toEqual({ of: "ours", median: 20, least: 10, most: 30, runs: 3 });
  expect([ratioToFloor(row), spreadPercent(row)]).toEqual([4, 100]);
  expect(ratioToFloor({ ...row, unit: "calls/s" })).toBe(0.25);
  expect(terminalTable([row]).split("\n").slice(0, 3)).toEqual([
    "measurement  unit  ours  alternative  floor  times the floor  spread  runs",
    "-----------  ----  ----  -----------  -----  ---------------  ------  ----",
    "a row        ms      20                   5                4  100 %      3",
  ]);
});

test("a profile has the parts of the busy time, the largest first", () => {
  const node = (id: number, functionName: string, url = "") => ({ id, callFrame: { functionName, url } });
  const profile = {
    nodes: [
      node(1, "(idle)"),
      node(2, "rows", "file:///a/handlers/call/rows/turn-rows.ts"),
      node(3, "write", "file:///a/node_modules/@aws-sdk/client-s3/dist/index.js"),
      node(4, "open", "node:fs"),
      node(5, "(garbage collector)"),
    ],
    samples: [1, 2, 2, 3, 4, 5],
    timeDeltas: [900, 30, 30, 20, 15, 5],
  };
  expect(profileText(profile)).toBe(
    "handlers/call/rows 60 %, @aws-sdk/client-s3 20 %, Node's modules 15 %, garbage collection 5 %",
  );
});

/** Results with these rows of one group. */
function resultsOf(group: string, rows: readonly BenchRow[]): Results {
  const about = { measured_at: "2026-11-30T00:00:00Z", commit: "0", node: "v24", platform: "linux", cpus: "2 × CPU" };
  return { [group]: { ...about, memory_gb: 8, load_average: 0, rows } };
}

function msRow(name: string, ours: number, floor: number): BenchRow {
  return { name, unit: "ms", ours: measurement("ours", [ours]), floor: measurement("floor", [floor]) };
}

test("a missed target is before the others, and has a reason", () => {
  const results = resultsOf("cold-receiver", [msRow("the first delivery, CPU time", 30, 10)]);
  const lines = targetsText(results).split("\n");
  expect(lines[2]).toMatch(/^\| CPU time of a cold receiver .*\| +3 \| \*\*missed\*\* +\|$/);
  expect(lines.filter((line) => line.startsWith("- "))).toEqual([
    expect.stringMatching(/^- \*\*CPU time of a cold receiver\.\*\* /),
  ]);
  const kept = targetsText(resultsOf("cold-receiver", [msRow("the first delivery, CPU time", 25, 10)]));
  expect(kept.split("\n").at(-1)).toMatch(/^\| CPU time of a cold receiver .*\| +2\.5 \| kept +\|$/);
});

test("a question over a larger month than measured takes as many times longer as there are more calls", () => {
  const rows = [1_000, 10_000, 100_000].map((calls) =>
    msRow(`find-phrase, ${calls.toLocaleString("en")} calls`, calls / 100, 1),
  );
  const lines = scaleText(resultsOf("questions", rows)).split("\n");
  const cells = lines
    .filter((line) => line.startsWith("| `find-phrase`"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells[0]?.slice(2, 7)).toEqual(["100 ms", "1 s", "3 s", "30 s", "5 min"]);
  expect(cells[1]?.[3]).toBe("33,000");
});

test("the page has every group, and the numbers of bench/results.json", async () => {
  const text = await readFile(PAGE, "utf8");
  expect(generatedParts(text).toSorted()).toEqual([...GROUPS.map(({ name }) => name), "scale", "targets"].toSorted());
  expect(text).toBe(pageWith(text, await readResults()));
});
