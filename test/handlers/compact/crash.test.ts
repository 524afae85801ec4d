import { expect, test } from "vitest";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { aCall, aCompactor, DAYS, NOW, putLive } from "../../support/fixtures/compacting.ts";
import { crashAfter } from "../../support/fixtures/crash-after.ts";

type Compactor = ReturnType<typeof aCompactor>;

const [FIRST, SECOND, THIRD] = DAYS;
const LATER = new Date(NOW.getTime() + 120_000);

/** Two days to close, and a closed day with a new call and a deleted one. */
async function newWork(): Promise<Compactor> {
  const compactor = aCompactor();
  const { analytics, compact } = compactor;
  await putLive(analytics, aCall("conv_gone", FIRST));
  await compact({ now: () => new Date(`${SECOND}T03:00:00Z`) });
  await analytics.delete(liveKey("turns", `${FIRST}/10`, "conv_gone"));
  await analytics.delete(liveKey("conversations", `${FIRST}/10`, "conv_gone"));
  await putLive(analytics, aCall("conv_late", FIRST));
  await putDirtyMarkers(analytics, [FIRST], "conv_gone", NOW);
  await putDirtyMarkers(analytics, [FIRST], "conv_late", NOW);
  await putLive(analytics, aCall("conv_2", SECOND));
  await putLive(analytics, aCall("conv_3", THIRD));
  await putDirtyMarkers(analytics, [THIRD], "conv_3", NOW);
  return compactor;
}

const WORK = await newWork();

/** A copy of the pending work. */
async function pendingWork(): Promise<Compactor> {
  const copy = aCompactor();
  for (const { key, body, metadata } of WORK.analytics.objects.values()) {
    await copy.analytics.put(key, body, { metadata });
  }
  for (const sql of WORK.statements.values()) await copy.moveView(sql);
  return copy;
}

/** Runs the compactor, killed after `effects`. Returns whether it was killed before it ended. */
async function killedAfter(effects: number, { analytics, compact, moveView }: Compactor): Promise<boolean> {
  const { hasCrashed, ...services } = crashAfter(analytics, moveView, effects);
  await compact(services).catch(() => {});
  return hasCrashed();
}

/** Everything that a run leaves behind. */
async function leftBy({ analytics, parts, state, views }: Compactor) {
  const markers = await Array.fromAsync(analytics.list("compaction/dirty/"));
  return { parts: parts(), state: await state(), views, markers };
}

const CLOSED_AFTER = ["conv_2", "conv_3", "conv_late"];

test("after a kill between any two effects, readers see whole days, and the next run ends the work", async () => {
  const undisturbed = await pendingWork();
  await undisturbed.compact();
  const expected = await leftBy(undisturbed);
  expect(expected.markers).toEqual([]);

  let effects = 0;
  for (let hasCrashed = true; hasCrashed; effects += 1) {
    const compactor = await pendingWork();
    hasCrashed = await killedAfter(effects, compactor);
    for (const table of ["conversations", "turns"]) {
      const seen = new Set(await compactor.ids(table));
      const isBefore = seen.has("conv_gone");
      expect([...seen], `${table} after ${effects}`).toEqual(
        isBefore ? ["conv_2", "conv_3", "conv_gone"] : CLOSED_AFTER,
      );
    }
    const { first_live_day: firstLiveDay } = await compactor.state();
    for (const [named = ""] of compactor.views.values()) expect(named <= firstLiveDay).toBe(true);

    await compactor.compact({ now: () => LATER });
    expect(await leftBy(compactor), `after ${effects}`).toEqual(expected);
  }
  // Lease; parts, state, day and marker of each of three days; nine views; state; lease.
  expect(effects).toBeGreaterThan(25);
});

test("after two kills in a row, anywhere, the result is the same", async () => {
  const undisturbed = await pendingWork();
  await undisturbed.compact();
  const expected = await leftBy(undisturbed);
  for (let first = 0; first < 28; first += 3) {
    for (let second = 0; second < 28; second += 4) {
      const compactor = await pendingWork();
      await killedAfter(first, compactor);
      const { compact } = compactor;
      await killedAfter(second, { ...compactor, compact: (changes) => compact({ ...changes, now: () => LATER }) });
      await compact({ now: () => new Date(LATER.getTime() + 120_000) });
      expect(await leftBy(compactor), `after ${first} and ${second}`).toEqual(expected);
    }
  }
});
