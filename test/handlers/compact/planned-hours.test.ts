import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { CompactionFailed } from "../../../handlers/compact/compaction.ts";
import { putDirtyMarkers, putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { plannedDays } from "../../../handlers/compact/planned-days.ts";
import { scheduleHandler } from "../../../handlers/compact/schedule-handler.ts";
import {
  compactionTable,
  failureText,
  plannedTable,
  unreadableText,
} from "../../../infrastructure/commands/toolkit/compaction-table.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { aCall, aCompactor, putLive } from "../../support/fixtures/compacting.ts";
import { after, aPackedDay, CLOSING, counts, NOW, packing, TODAY } from "../../support/fixtures/packed-day.ts";

type Analytics = Awaited<ReturnType<typeof aPackedDay>>["analytics"];

/** The printed plan. */
async function planned(analytics: Analytics, now: Date, only?: string): Promise<string[]> {
  const table = plannedTable(await plannedDays(analytics, now, 3, only), "table");
  const lines = table.trimEnd().split("\n");
  if (lines.length > 1) expect(new Set(lines.slice(0, -1).map(({ length }) => length)).size).toBe(1);
  return lines.slice(2, -1).map((line) => line.replaceAll(/ {2,}/g, " | ").trim());
}

test("a dry run has the hours to be packed, after the days, and none of a day that is closed before", async () => {
  const { analytics } = aCompactor();
  await putLive(analytics, aCall("conv_x", "2026-11-04", 1, "10"));
  for (let n = 0; n < 500; n += 1) {
    await analytics.put(
      liveKey("conversations", `${TODAY}/${n < 300 ? "08" : "09"}`, `conv_${n}`),
      Buffer.from("rows"),
    );
  }
  expect(await planned(analytics, after(-1))).toEqual([
    expect.stringMatching(/^2026-11-04 \| to be closed \| 1 \| 2 /),
  ]);
  expect(await planned(analytics, NOW)).toEqual([
    expect.stringMatching(/^2026-11-04 \| to be closed \| 1 \| 2 \| \d+ \| 0$/),
    expect.stringMatching(/^2026-11-05 08:00 \| to be packed \| 300 \| 300 \| \d+ \| 0$/),
    expect.stringMatching(/^2026-11-05 09:00 \| to be packed \| 200 \| 200 \| \d+ \| 0$/),
  ]);
  expect(JSON.parse(plannedTable(await plannedDays(analytics, NOW, 3), "json"))).toMatchObject([
    { day: "2026-11-04" },
    { day: "2026-11-05 08:00", what: "to be packed", conversations: 300, "live objects": 300 },
    { day: "2026-11-05 09:00" },
  ]);
  expect(await planned(analytics, NOW, "2026-11-04")).toHaveLength(1);
  expect(await planned(analytics, CLOSING)).toMatchObject([/2026-11-04/, /2026-11-05 \| to be closed/].map(matching));
});

test("the result has a line for each hour that was packed, in columns", async () => {
  const { analytics, compact } = aCompactor();
  await putLive(analytics, aCall("conv_x", "2026-11-04", 1, "10"));
  for (const [id, hour] of HOURS) await putLive(analytics, aCall(id, TODAY, 1, hour));
  const [, , ...lines] = compactionTable(await compact(packing())).split("\n");
  expect(new Set(lines.slice(0, 3).map(({ length }) => length)).size).toBe(1);
  expect(lines.slice(0, 3)).toEqual([
    matching(/^2026-11-04 {8}closed +1 +2 +2 +\d+ +\d+$/),
    matching(/^2026-11-05 08:00 {2}packed +2 +4 +\d+ +\d+ +\d+$/),
    matching(/^2026-11-05 09:00 {2}packed +1 +2 +\d+ +\d+ +\d+$/),
  ]);
});

const HOURS = [
  ["conv_a", "08"],
  ["conv_b", "08"],
  ["conv_c", "09"],
] as const;

const matching = (pattern: RegExp) => expect.stringMatching(pattern);

test("a dry run has packed hours that changed, with the parts of their packs", async () => {
  const { analytics, state } = await aPackedDay();
  await putWholeMarker(analytics, `${TODAY}/08`);
  const parts = (await state()).hours[TODAY]?.["08"]?.parts;
  expect(await planned(analytics, NOW)).toEqual([matching(new RegExp(`^2026-11-05 08:00.* \\| 2 \\| 4 .* ${parts}$`))]);
});

test("each packed hour is a line in the compactor's log", async () => {
  const { analytics, compacting } = aCompactor();
  for (const [id, hour] of HOURS) await putLive(analytics, aCall(id, TODAY, 1, hour));
  const key = liveKey("turns", `${TODAY}/08`, "conv_a");
  await analytics.put(key, Buffer.from("no Parquet"));
  const logged: LogEntry[] = [];
  const services = { ...compacting, ...packing(), busySchedule: undefined };
  const handler = scheduleHandler({ ...services, log: (entry) => void logged.push(entry), measure: () => {} });
  const context = { awsRequestId: "this invocation", getRemainingTimeInMillis: () => 900_000 } as Context;
  await handler({}, context).catch(() => {});
  expect(logged).toEqual([
    { event: "packed", day: TODAY, hour: "08", conversations: 2 },
    { event: "packed", day: TODAY, hour: "09", conversations: 1 },
    { event: "unreadable", day: TODAY, keys: [key] },
    { event: "failed", reason: expect.stringContaining("1 live objects cannot be read") },
  ]);
});

test("an hour that cannot be packed is named, and holds back no other hour", async () => {
  const { analytics, compact } = aCompactor();
  await putLive(analytics, aCall("conv_a", TODAY, 1, "08"));
  await putLive(analytics, aCall("conv_c", TODAY, 1, "09"));
  const key = liveKey("turns", `${TODAY}/08`, "conv_a");
  const get = (each: string) => {
    if (each === key) throw new Error("503 SlowDown");
    return analytics.get(each);
  };
  const failed = await compact({ ...packing(), analytics: { ...analytics, get } }).catch((error: unknown) => error);
  if (!(failed instanceof CompactionFailed)) throw new Error("the compaction did not fail", { cause: failed });
  expect(failureText(failed)).toBe(
    "Some work could not be done: 2026-11-05/08: 503 SlowDown. Repair the cause and run the command again.",
  );
  expect(failed.done.days.map(({ day }) => day)).toEqual([`${TODAY}/09`]);
  const repaired = await compact(packing());
  expect(repaired.days.map(({ day }) => day)).toEqual([`${TODAY}/08`]);
});

test("the advice for a live object that was not packed: its call is processed again, and the next run packs it", async () => {
  const compactor = await aPackedDay();
  const { analytics, compact } = compactor;
  const key = liveKey("turns", `${TODAY}/09`, "conv_c");
  await analytics.put(key, Buffer.from("no Parquet"));
  await putWholeMarker(analytics, `${TODAY}/09`);
  const { unreadable } = await compact(packing());
  expect(unreadableText(unreadable)).toBe(
    `Rows of ${TODAY} are missing, because these objects cannot be read:
  ${key}
Rebuild them from the calls in the archive, then run this command again:
  npm run reprocess -- --conversation conv_c
`,
  );
  // What processing a call again does.
  await putLive(analytics, aCall("conv_c", TODAY, 2, "09"));
  await putDirtyMarkers(analytics, [`${TODAY}/09`], "conv_c", NOW);
  expect((await compact(packing())).unreadable).toEqual({});
  expect(await counts(compactor)).toEqual([3, 6]);
});
