import { expect, test } from "vitest";
import { processObject } from "../../../../handlers/process/process.ts";
import { selectedObjects } from "../../../../handlers/reprocess/selected-objects.ts";
import type { Place } from "../../../../infrastructure/commands/toolkit/bookmark.client.ts";
import { processLeftovers, rePutObjects } from "../../../../infrastructure/commands/toolkit/re-put-objects.ts";
import { memoryArchive } from "../../../support/doubles/memory-archive.ts";

/** An open deployment with this many objects that processes nothing, and a clock that only passes when it is slept. */
async function anOpenDeployment(count: number) {
  const archive = memoryArchive();
  for (let n = 0; n < count; n += 1) await archive.put(keyOf(n), Buffer.from("{}"));
  const given: string[] = [];
  let [ms, pending] = [0, 0];
  const openDeployment = {
    archive,
    process: (key: string) => given.push(key),
    get pending() {
      return pending;
    },
  };
  const clock = {
    now: () => new Date(ms),
    async sleep(more: number) {
      ms += more;
      pending = 0;
    },
  };
  const notes: Place[] = [];
  const bookmark = { save: async (place: Place) => void notes.push(place) };
  const options = { openDeployment, bookmark, redo: undefined, rate: undefined, clock, onRePut: () => {} };
  return { archive, openDeployment, given, notes, options, clock, wait: (objects: number) => (pending = objects) };
}

function keyOf(n: number): string {
  return `_other/new/conv_${String(n).padStart(4, "0")}.json`;
}

const unstopped = new AbortController().signal;

test("notes its place on the way and at its end, counting on from where it began", async () => {
  const { archive, given, notes, options } = await anOpenDeployment(250);
  const from = { after: keyOf(19), done: 20 };
  const reached = await rePutObjects(selectedObjects(archive, {}, from), from, { ...options, stop: unstopped });
  expect(given).toHaveLength(230);
  expect(notes).toEqual([99, 199, 249].map((n) => ({ after: keyOf(n), done: n + 1 })));
  expect(reached).toEqual(notes.at(-1));
});

test("keeps to its rate", async () => {
  const { archive, options, clock } = await anOpenDeployment(101);
  await rePutObjects(selectedObjects(archive, {}), undefined, { ...options, rate: 50, stop: unstopped });
  expect(clock.now().getTime()).toBe(2_000);
});

test("gives no more to this process while too much waits there", async () => {
  const { archive, given, options, wait, clock } = await anOpenDeployment(3);
  const seen: number[] = [];
  wait(100);
  const sleep = async (ms: number) => {
    seen.push(given.length);
    if (seen.length === 3) await clock.sleep(ms);
  };
  await rePutObjects(selectedObjects(archive, {}), undefined, {
    ...options,
    stop: unstopped,
    clock: { ...clock, sleep },
  });
  expect([seen, given.length]).toEqual([[1, 1, 1], 3]);
});

test("once it is stopped nothing more is uploaded again or processed, and its place is noted", async () => {
  const { archive, given, notes, options } = await anOpenDeployment(200);
  const stop = new AbortController();
  const onRePut = () => given.length === 7 && stop.abort();
  await rePutObjects(selectedObjects(archive, {}), undefined, { ...options, stop: stop.signal, onRePut });
  expect([given.length, notes]).toEqual([7, [{ after: keyOf(6), done: 7 }]]);
});

test("of what an earlier run uploaded again only what is not done is processed, up to its place", async () => {
  const { archive, given, options } = await anOpenDeployment(4);
  const stores = {
    analytics: memoryArchive(),
    now: () => new Date(),
    leaseOptions: { holder: "test", seconds: 60, isExclusive: true },
  };
  for (const n of [0, 2, 3]) await processObject(keyOf(n), { archive, ...stores });
  await archive.rePut(keyOf(2));
  await archive.rePut(keyOf(3));
  await processLeftovers(selectedObjects(archive, {}), { after: keyOf(2), done: 3 }, { ...options, stop: unstopped });
  expect(given).toEqual([keyOf(1), keyOf(2)]);
});
