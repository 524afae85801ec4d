import { expect, test } from "vitest";
import type { ActionName } from "../../../handlers/read/action-requests.ts";
import { type ActionEnd, type ActionProgress, actionRuns, MOST_RUNS } from "../../../handlers/read/action-runs.ts";

const VERIFY = { recordings: false, fix: false };
const REDRIVE = { quarantined: false, dry_run: true };
const END: ActionEnd = { message: "3 objects checked", result: { checked: 3 } };

/** Actions whose work ends when the test ends it. */
function someActions(unavailable: Partial<Record<ActionName, string>> = {}) {
  const begun: { progress: ActionProgress; end: (end: ActionEnd) => void; fail: (error: unknown) => void }[] = [];
  const log: unknown[] = [];
  const work = (_: unknown, progress: ActionProgress) => {
    const { promise, resolve, reject } = Promise.withResolvers<ActionEnd>();
    begun.push({ progress, end: resolve, fail: reject });
    return promise;
  };
  let clock = Date.parse("2026-11-20T10:00:00Z");
  const now = () => {
    clock += 1_000;
    return new Date(clock);
  };
  const all = { redrive: work, reprocess: work, backfill: work, verify: work };
  return { actions: actionRuns(all, { unavailable, log: (entry) => log.push(entry), now }), begun, log };
}

/** Resolves when the run has ended. */
async function ended(actions: ReturnType<typeof someActions>["actions"], id: string) {
  await expect.poll(() => actions.find(id)?.state).not.toBe("running");
  return actions.find(id);
}

test("a run has its progress while it runs, and its result afterwards", async () => {
  const { actions, begun, log } = someActions();
  const { id } = actions.start("verify", VERIFY);
  begun[0]?.progress.begin("Checking objects", 3);
  begun[0]?.progress.advance();
  expect(actions.find(id)).toEqual({
    id,
    action: "verify",
    request: VERIFY,
    state: "running",
    done: 1,
    total: 3,
    message: "Checking objects",
    result: null,
    started_at: "2026-11-20T10:00:01.000Z",
    ended_at: null,
  });
  begun[0]?.end(END);
  expect(await ended(actions, id)).toMatchObject({ state: "done", ...END, ended_at: "2026-11-20T10:00:02.000Z" });
  expect(log).toEqual([
    { event: "action started", action: "verify", id },
    { event: "action done", action: "verify", id },
  ]);
});

test("one run of an action at a time, beside those of other actions", async () => {
  const { actions, begun } = someActions();
  const { id } = actions.start("verify", VERIFY);
  expect(() => actions.start("verify", VERIFY)).toThrow(`verify already runs: GET /api/v1/actions/${id}`);
  actions.start("redrive", REDRIVE);
  begun[0]?.fail(new Error("the disk is full"));
  expect(await ended(actions, id)).toMatchObject({ state: "failed", message: "the disk is full", result: null });
  expect(actions.start("verify", VERIFY).state).toBe("running");
});

test("keeps the last runs, and every one that has not ended", async () => {
  const { actions, begun } = someActions();
  const first = actions.start("redrive", REDRIVE);
  const ids: string[] = [];
  for (let n = 0; n < MOST_RUNS + 1; n += 1) {
    const { id } = actions.start("verify", VERIFY);
    ids.push(id);
    begun.at(-1)?.end(END);
    await ended(actions, id);
  }
  expect(actions.runs).toHaveLength(MOST_RUNS);
  expect(actions.runs[0]?.id).toBe(ids.at(-1));
  expect(actions.find(first.id)?.state).toBe("running");
  expect(actions.find(ids[0] ?? "")).toBeUndefined();
});

test("a stop ends running work, and waits for it", async () => {
  const { actions, begun } = someActions();
  const { id } = actions.start("verify", VERIFY);
  const [work] = begun;
  let isStopped = false;
  const stopping = actions.stop().then(() => {
    isStopped = true;
  });
  expect(work?.progress.stop.aborted).toBe(true);
  await Promise.resolve();
  expect(isStopped).toBe(false);
  work?.fail(work.progress.stop.reason);
  await stopping;
  expect(actions.find(id)).toMatchObject({ state: "failed", message: expect.stringContaining("request it again") });
  expect(() => actions.start("redrive", REDRIVE)).toThrow("is being stopped");
});

test("an action that is not available is not started, and has the reason", () => {
  const { actions, begun } = someActions({ backfill: "set ELEVENLABS_API_KEY" });
  expect(() => actions.start("backfill", { from: "2026-11-01", dry_run: true })).toThrow("set ELEVENLABS_API_KEY");
  expect([actions.unavailable("backfill"), actions.unavailable("verify")]).toEqual([
    "set ELEVENLABS_API_KEY",
    undefined,
  ]);
  expect(begun).toEqual([]);
});
