import { readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { compactFolder } from "../../../infrastructure/local/compact-folder.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aCopyOf, anArchiveOf, changeJson, foundIn } from "./archive-to-verify.ts";

const DAY = "2026-11-20";
const KEY = "12025550101/conv_1.json";
const ofDay = (folder: string, table: string) => join(folder, `analytics/live/${table}/dt=${DAY}`);

let earlier: string;
/** An archive of a version before 2026-12: its rows were in no hour, and its indexes had days. */
beforeAll(async () => {
  earlier = await anArchiveOf([aTranscription()]);
  for (const table of await readdir(join(earlier, "analytics/live"))) {
    const hour = join(ofDay(earlier, table), "hr=10");
    await rename(join(hour, "conv_1.parquet"), join(ofDay(earlier, table), "conv_1.parquet"));
    await rmdir(hour);
  }
  await changeJson(join(earlier, "archive/_index/conv_1"), ({ hours: _, home: { hour: __, ...home }, ...index }) => ({
    ...index,
    home,
    days: [DAY],
  }));
});

test.each([
  ["an open day", async () => {}],
  ["a closed day", (folder: string) => compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") })],
])("rows of an earlier version on %s are no finding, unless one is missing", async (_, close) => {
  const folder = await aCopyOf(earlier);
  await close(folder);
  expect(await foundIn(folder)).toEqual([]);
  await rm(join(ofDay(folder, "turns"), "conv_1.parquet"));
  expect(await foundIn(folder)).toContain(`rows ${KEY}`);
});
