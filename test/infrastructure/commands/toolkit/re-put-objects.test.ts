import { expect, test } from "vitest";
import { processObject } from "../../../../handlers/process/process.ts";
import { selectedObjects } from "../../../../handlers/reprocess/selected-objects.ts";
import type { Place } from "../../../../infrastructure/commands/toolkit/bookmark.client.ts";
import { processLeftovers, rePutObjects } from "../../../../infrastructure/commands/toolkit/re-put-objects.ts";
import { memoryArchive } from "../../../support/doubles/memory-archive.ts";

/** An open deployment with `count` objects that processes nothing, and a clock that only `sleep` moves. */
async function anOpenDeployment(count: number) {
  const archive = memoryArchive();
  for (let n = 0; n < count; n += 1) await archive.put(keyOf(n), Buffer.from("{}"));
  const queued: string[] = [];
  let [ms, pending] = [0, 0];
  const openDeployment = {
    archive,
    process: (key: string) => queued.push(key),
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
  const saved: Place[] = [];
  const bookmark = { save: async (place: Place) => void saved.push(place) };
  const options = { openDeployment, bookmark, redo: undefined, rate: undefined, clock, onRePut: () => {} };
  return { archive, openDeployment, queued, saved, options, clock, wait: (objects: number) => (pending = objects) };
}

function keyOf(n: number): string {
  return `_other/new/conv_${String(n).padStart(4, "0")}.json`;
}

const unstopped = new AbortController().signal;

test("saves its progress on the way and at the end, including that of the earlier run", async () => {
  const { archive, queued, saved, options } = await anOpenDeployment(250);
  const from = { after: keyOf(19), done: 20 };
  const reached = await rePutObjects(selectedObjects(archive, {}, from), from, { ...options, stop: unstopped });
  expect(queued).toHaveLength(230);
  expect(saved).toEqual([99, 199, 249].map((n) => ({ after: keyOf(n), done: n + 1 })));
  expect(reached).toEqual(saved.at(-1));
});

test("does not exceed its rate", async () => {
  const { archive, options, clock } = await anOpenDeployment(101);
  await rePutObjects(selectedObjects(archive, {}), undefined, { ...options, rate: 50, stop: unstopped });
  expect(clock.now().getTime()).toBe(2_000);
});

test("queues no more objects while too many wait in this process", async () => {
  const { archive, queued, options, wait, clock } = await anOpenDeployment(3);
  const seen: number[] = [];
  wait(100);
  const sleep = async (ms: number) => {
    seen.push(queued.length);
    if (seen.length === 3) await clock.sleep(ms);
  };
  await rePutObjects(selectedObjects(archive, {}), undefined, {
    ...options,
    stop: unstopped,
    clock: { ...clock, sleep },
  });
  expect([seen, queued.length]).toEqual([[1, 1, 1], 3]);
});

test("after a stop it re-puts and processes nothing more, and saves its progress", async () => {
  const { archive, queued, saved, options } = await anOpenDeployment(200);
  const stop = new AbortController();
  const onRePut = () => queued.length === 7 && stop.abort();
  await rePutObjects(selectedObjects(archive, {}), undefined, { ...options, stop: stop.signal, onRePut });
  expect([queued.length, saved]).toEqual([7, [{ after: keyOf(6), done: 7 }]]);
});

test("processes only unfinished objects of those that an earlier run re-put", async () => {
  const { archive, queued, options } = await anOpenDeployment(4);
  const stores = {
    analytics: memoryArchive(),
    now: () => new Date(),
    leaseOptions: { holder: "test", seconds: 60, isExclusive: true },
  };
  for (const n of [0, 2, 3]) await processObject(keyOf(n), { archive, ...stores });
  await archive.rePut(keyOf(2));
  await archive.rePut(keyOf(3));
  await processLeftovers(selectedObjects(archive, {}), { after: keyOf(2), done: 3 }, { ...options, stop: unstopped });
  expect(queued).toEqual([keyOf(1), keyOf(2)]);
});
