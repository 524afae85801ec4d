import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderReports, MOST_FINDINGS } from "../../../infrastructure/local/reports.client.ts";
import { newFolder, pathsIn } from "../../support/fixtures/local.ts";

const AT = "2026-11-20T10:00:00.000Z";
const finding = (subject: string) => ({ kind: "rows", subject, what: "has no rows", remedy: null });

test("keeps the last report of each command, and its first findings", async () => {
  const reports = folderReports(await newFolder());
  expect(await reports.findings("verify")).toBeUndefined();
  await reports.saveFindings("verify", { checked_at: AT, findings: [finding("a")] });
  const many = Array.from({ length: MOST_FINDINGS + 1 }, (_, n) => finding(String(n)));
  await reports.saveFindings("verify", { checked_at: AT, findings: many });
  await reports.saveFindings("doctor", { checked_at: AT, findings: [] });
  const stored = await reports.findings("verify");
  expect([stored?.count, stored?.findings.length, stored?.findings[0]]).toEqual([
    MOST_FINDINGS + 1,
    MOST_FINDINGS,
    finding("0"),
  ]);
  expect(await reports.findings("doctor")).toEqual({ checked_at: AT, count: 0, findings: [] });
});

test("keeps the last comparison of each day, and reads those of a range", async () => {
  const reports = folderReports(await newFolder());
  const comparison = (day: string, missing: string[]) => ({ day, checked_at: AT, listed: 2, missing });
  for (const day of ["2026-11-19", "2026-11-21", "2026-11-20"]) await reports.saveComparison(comparison(day, ["x"]));
  await reports.saveComparison(comparison("2026-11-20", []));
  expect(await reports.comparisons({ from: "2026-11-20", to: "2026-11-21" })).toEqual([
    comparison("2026-11-20", []),
    comparison("2026-11-21", ["x"]),
  ]);
  expect(await reports.comparisons({ from: "2026-12-01", to: "2026-12-02" })).toEqual([]);
});

test("a damaged report counts as absent, and the next run replaces it", async () => {
  const folder = await newFolder();
  const reports = folderReports(folder);
  await mkdir(join(folder, "reports/compared"), { recursive: true });
  for (const name of ["verify", "compared/2026-11-20"]) await writeFile(join(folder, `reports/${name}.json`), '{"a":1');
  expect(await reports.findings("verify")).toBeUndefined();
  expect(await reports.comparisons({ from: "2026-11-20", to: "2026-11-20" })).toEqual([]);
  await reports.saveFindings("verify", { checked_at: AT, findings: [] });
  expect(await reports.findings("verify")).toMatchObject({ count: 0 });
});

test("creates no folder", async () => {
  const folder = await newFolder();
  await folderReports(join(folder, "nothing")).saveFindings("verify", { checked_at: AT, findings: [] });
  expect(await pathsIn(folder)).toEqual([]);
});

test("forgets what it states of a conversation, and of no other", async () => {
  const reports = folderReports(await newFolder());
  const [about, other] = [finding("12025550101/conv_1.mp3"), finding("12025550101/conv_10.mp3")];
  await reports.saveFindings("verify", { checked_at: AT, findings: [about, other] });
  await reports.saveComparison({ day: "2026-11-20", checked_at: AT, listed: 3, missing: ["conv_1", "conv_10"] });
  await reports.forget("conv_1");
  await reports.forget("conv_1");
  expect(await reports.findings("verify")).toEqual({ checked_at: AT, count: 1, findings: [other] });
  const [comparison] = await reports.comparisons({ from: "2026-11-20", to: "2026-11-20" });
  expect(comparison?.missing).toEqual(["conv_10"]);
});
