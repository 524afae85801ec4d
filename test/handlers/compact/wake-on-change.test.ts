import { expect, test } from "vitest";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { wakeOnChange } from "../../../handlers/compact/wake-on-change.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";

const NOW = new Date("2026-11-23T12:00:00Z");

/** An archive that counts how often it enables the schedule. `fail` makes the next requests fail. */
function aWakingArchive(hasSchedule = true) {
  const stored = memoryArchive();
  const state = { enabled: 0, fail: false, now: NOW, logged: [] as unknown[] };
  const enable = async () => {
    if (state.fail) throw new Error("not allowed");
    state.enabled += 1;
  };
  const analytics = wakeOnChange(stored, {
    busySchedule: hasSchedule ? { enable } : undefined,
    now: () => state.now,
    log: (entry) => void state.logged.push(entry),
  });
  const change = (day: string) => putDirtyMarkers(analytics, [day], "conv_1", state.now);
  return { stored, state, analytics, change };
}

test("a change to a day that is over enables the schedule once, however many follow within a minute", async () => {
  const { stored, state, change } = aWakingArchive();
  for (let n = 0; n < 1_000; n += 1) await change("2026-11-20");
  expect([state.enabled, stored.objects.size]).toEqual([1, 1_000]);
  await change("2026-11-21");
  expect(state.enabled).toBe(2);
  state.now = new Date(NOW.getTime() + 60_000);
  await change("2026-11-20");
  expect(state.enabled).toBe(3);
});

test("other objects and a clock that goes back do not keep the schedule from being enabled", async () => {
  const { state, analytics, change } = aWakingArchive();
  await analytics.put("live/turns/dt=2026-11-20/conv_1.parquet", Buffer.from("rows"));
  expect(state.enabled).toBe(0);
  await change("2026-11-20");
  state.now = new Date(NOW.getTime() - 1_000);
  await change("2026-11-20");
  expect(state.enabled).toBe(2);
});

test("a schedule that cannot be enabled fails no put, is logged, and is tried again at the next change", async () => {
  const { stored, state, change } = aWakingArchive();
  state.fail = true;
  await change("2026-11-20");
  expect(stored.objects.size).toBe(1);
  expect(state.logged).toEqual([{ event: "compactor not woken", day: "2026-11-20", reason: "not allowed" }]);
  state.fail = false;
  await change("2026-11-20");
  expect(state.enabled).toBe(1);
});

test("without a schedule the marker is put, and nothing is logged", async () => {
  const { stored, state, change } = aWakingArchive(false);
  await change("2026-11-20");
  expect([stored.objects.size, state.logged]).toEqual([1, []]);
});
