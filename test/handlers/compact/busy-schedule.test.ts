import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { scheduleHandler } from "../../../handlers/compact/schedule-handler.ts";
import { liveObjects } from "../../queries/analytics-folder.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";

const NOW = new Date("2026-11-23T04:00:00Z");
const OF_RULE = { resources: ["arn:aws:events:us-east-1:111122223333:rule/busy"] };
const HOURLY = { resources: ["arn:aws:events:us-east-1:111122223333:rule/hourly"] };
const CONTEXT = { awsRequestId: "this invocation", getRemainingTimeInMillis: () => 900_000 } as Context;

/** The compactor with one closable day, and its schedule, which is enabled at first. */
async function aCompactor() {
  const analytics: Archive = memoryArchive();
  const put = async (dt: string) => {
    for (const { key, body } of liveObjects({ conversations: [{ dt, conversation_id: "conv_1" }] }))
      await analytics.put(key, body);
  };
  await put("2026-11-22");
  const state = { isEnabled: true, requests: [] as string[], fail: false, now: NOW };
  const hooks = { afterDisable: async () => {} };
  const logged: LogEntry[] = [];
  const request = async (name: string, isEnabled: boolean) => {
    state.requests.push(name);
    if (state.fail) throw new Error("throttled");
    state.isEnabled = isEnabled;
  };
  const deps = {
    analytics,
    moveViews: async () => {},
    longestQuerySeconds: 600,
    closeAfterHours: 3,
    now: () => state.now,
    log: (entry: LogEntry) => void logged.push(entry),
    measure: () => {},
    busySchedule: {
      name: "busy",
      enable: () => request("enable", true),
      disable: () => request("disable", false).then(() => hooks.afterDisable()),
    },
  };
  const run = (event: unknown, changes: Partial<Parameters<typeof scheduleHandler>[0]> = {}) =>
    scheduleHandler({ ...deps, ...changes })(event, CONTEXT);
  const change = () => putDirtyMarkers(analytics, ["2026-11-22"], "conv_1", state.now);
  return { state, hooks, logged, run, change };
}

test("runs every five minutes while there is work, and disables its schedule when a run finds none", async () => {
  const { state, run, change } = await aCompactor();
  await run(OF_RULE);
  expect(state.isEnabled).toBe(true);
  await run(OF_RULE);
  expect(state.isEnabled).toBe(false);
  await change();
  await run(HOURLY);
  // The day is read live, and is rebuilt when no query can read its parts: a later run.
  expect(state.isEnabled).toBe(true);
  await run(OF_RULE);
  expect(state.isEnabled).toBe(true);
  state.now = new Date(NOW.getTime() + 11 * 60_000);
  await run(OF_RULE);
  await run(OF_RULE);
  expect(state.isEnabled).toBe(false);
});

test("an hourly run without work makes no request", async () => {
  const { state, run } = await aCompactor();
  await run(OF_RULE);
  state.requests.length = 0;
  for (const event of [HOURLY, {}, null, undefined, { resources: "rule/busy" }, { resources: [null] }])
    await run(event);
  expect(state.requests).toEqual([]);
});

test("a change that arrives while the schedule is disabled enables it again", async () => {
  const { state, hooks, run, change } = await aCompactor();
  await run(OF_RULE);
  hooks.afterDisable = change;
  await run(OF_RULE);
  expect(state).toMatchObject({ isEnabled: true, requests: ["enable", "disable", "enable"] });
});

test("a failed run enables the schedule, so the next one follows within minutes", async () => {
  const { state, run } = await aCompactor();
  await run(OF_RULE);
  await run(OF_RULE);
  state.now = new Date("2026-11-24T04:00:00Z");
  const moveViews = () => Promise.reject(new Error("Athena is away"));
  await expect(run(HOURLY, { moveViews })).rejects.toThrow("Athena is away");
  expect(state.isEnabled).toBe(true);
});

test("a schedule that cannot be changed is logged, and fails no run", async () => {
  const { state, logged, run } = await aCompactor();
  state.fail = true;
  await run(HOURLY);
  expect(logged).toMatchObject([{ event: "closed" }, { event: "schedule not changed", reason: "throttled" }]);
  await run(HOURLY, { busySchedule: undefined });
  expect(state.requests).toEqual(["enable"]);
});
