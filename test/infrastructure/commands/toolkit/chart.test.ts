import { expect, test } from "vitest";
import { chartText } from "../../../../infrastructure/commands/toolkit/chart.ts";
import type { Cell } from "../../../../queries/engine/query-engine.ts";
import type { Chart } from "../../../../queries/engine/saved-queries.ts";

const BAR: Chart = { kind: "bar", value: "calls", labels: ["agent", "hour"] };
const LINE: Chart = { kind: "line", value: "calls", labels: ["day", "agent"] };

function draw(chart: Chart, names: string[], rows: Cell[][], width = 60): string {
  return chartText({ columns: names.map((name) => ({ name, type: "" })), rows }, chart, width);
}

test("draws a bar for each row, from zero, as long as its value", () => {
  const rows = [
    ["One", 9, 80n],
    ["Two", 10, 40n],
    ["Three", 11, 1n],
  ];
  expect(draw(BAR, ["agent", "hour", "calls"], rows)).toBe(
    [
      "agent · hour  calls",
      "------------  -----  --------------------",
      "One · 9          80  ████████████████████",
      "Two · 10         40  ██████████",
      "Three · 11        1  ▎",
      "3 rows",
      "",
    ].join("\n"),
  );
});

test("draws no bar for a missing value or one below zero", () => {
  const rows: Cell[][] = [
    ["One", null, null],
    ["Two", 1, -5],
    ["Three", 2, 0],
  ];
  const text = draw(BAR, ["agent", "hour", "calls"], rows);
  expect(text).not.toMatch(/[█▏▎▍▌▋▊▉]/);
  expect(text).toMatch(/^One · –$/m);
});

test("a line with a bar fits in the terminal, however long its label is", () => {
  const rows = [[`a very long name ${"x".repeat(200)}\u001b[2J`, 1, 5]];
  for (const line of draw(BAR, ["agent", "hour", "calls"], rows, 50).split("\n")) {
    expect(line.length).toBeLessThanOrEqual(50);
    expect(line).not.toContain("\u001b");
  }
});

test("draws a line for each name, on one scale, with days at their true distance", () => {
  const rows: Cell[][] = [
    ["2026-11-02", "One", 10],
    ["2026-11-01", "One", 5],
    ["2026-11-05", "One", 10],
    ["2026-11-01", "Two", 5],
    ["2026-11-02", "Two", null],
  ];
  const [one = "", two = ""] = draw(LINE, ["day", "agent", "calls"], rows, 40).split("\n\n");
  expect(one).toMatch(/^One: calls\n/);
  expect(one).toMatch(/^ *10┤ +┏━+$/m);
  expect(one).toMatch(/^ *5┤━+┛$/m);
  expect(one).toMatch(/11-01 +11-03 +11-05$/m);
  expect(two).toMatch(/^Two: calls\n/);
  // Half as high as the maximum of the other line.
  const height = (text: string) => text.split("\n").findIndex((line) => line.includes("5┤"));
  expect(height(two)).toBe(height(one));
});

test("draws the lines with the most days, and prints how many are not drawn", () => {
  const rows: Cell[][] = Array.from({ length: 9 }, (_, n) => ["2026-11-01", `agent ${n}`, 1]);
  rows.push(["2026-11-02", "agent 8", 2]);
  const text = draw(LINE, ["day", "agent", "calls"], rows);
  expect(text).toMatch(/^agent 8: calls/);
  expect(text.match(/: calls$/gm)).toHaveLength(6);
  expect(text).toContain("(3 more, with fewer days, are not drawn)");
});

test("reports a result without rows", () => {
  expect(draw(BAR, ["agent", "hour", "calls"], [])).toBe("(no rows)\n");
  expect(draw(LINE, ["day", "agent", "calls"], [])).toBe("(no rows)\n");
});

test("reports a result in which no row has a value", () => {
  expect(draw(LINE, ["day", "agent", "calls"], [["2026-11-01", "One", null]])).toBe("(no row has a value)\n");
});
