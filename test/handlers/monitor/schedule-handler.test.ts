import { expect, test } from "vitest";
import type { MetricPoint, MetricQuery } from "../../../handlers/clients/aws/metric-source.ts";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { monitorHandler, ProblemsFound } from "../../../handlers/monitor/schedule-handler.ts";

const NOW = new Date("2026-11-20T12:17:00Z");

const WATCHED = {
  queue: "queue",
  deadLetters: "dead-letters",
  receiver: "receiver",
  processor: "processor",
  compactor: "compactor",
  reconciler: "reconciler" as string | undefined,
  namespace: "CallArchive",
  quietHours: 24,
  refusalsPerQuarterHour: 20,
  processorTimeoutSeconds: 300,
};

/** The point of the period that began `hours` ago. */
function hoursAgo(hours: number, value: number): MetricPoint {
  return { at: new Date(NOW.getTime() - hours * 3_600_000), value };
}

/** The points of a healthy archive with calls, by resource and metric. */
const HEALTHY: Readonly<Record<string, readonly MetricPoint[]>> = {
  "dead-letters ApproximateNumberOfMessagesVisible": [hoursAgo(0.5, 0)],
  "queue ApproximateAgeOfOldestMessage": [hoursAgo(0.5, 3_600)],
  "receiver Refused": [hoursAgo(0.5, 20)],
  "processor Errors": [hoursAgo(0.5, 0)],
  "processor Duration": [hoursAgo(0.5, 240_000)],
  "compactor Errors": [hoursAgo(1.2, 0)],
  "reconciler Errors": [hoursAgo(1.2, 0)],
  "receiver Invocations": [hoursAgo(200, 3), hoursAgo(24.9, 1)],
  "queue NumberOfMessagesSent": [hoursAgo(200, 3), hoursAgo(24.9, 1), hoursAgo(2, 0)],
};

/** Runs the monitor over the healthy archive with `changes`. Returns the problems that it logged, and what it threw. */
async function problemsWith(changes: typeof HEALTHY, watched: Partial<typeof WATCHED> = {}) {
  const points = { ...HEALTHY, ...changes };
  const logged: LogEntry[] = [];
  const queries: string[] = [];
  const handler = monitorHandler({
    metrics: {
      read: async (each, { from, until }) => {
        queries.push(...each.map(nameOf));
        return each.map((query) => (points[nameOf(query)] ?? []).filter(({ at }) => at >= from && at < until));
      },
    },
    watched: { ...WATCHED, ...watched },
    now: () => NOW,
    log: (entry) => void logged.push(entry),
  });
  const thrown = await handler({}).catch((error: unknown) => error);
  return { found: logged.flatMap(({ problem }) => problem ?? []), logged, thrown, queries };
}

function nameOf({ name, dimensions }: MetricQuery): string {
  return `${Object.values(dimensions)[0]} ${name}`;
}

test("a healthy archive at every limit has no problem", async () => {
  const { logged, thrown } = await problemsWith({});
  expect([logged, thrown]).toEqual([[{ event: "no problem" }], undefined]);
});

test("a new archive, or one whose metrics are not sent, has no problem", async () => {
  const none = Object.fromEntries(Object.keys(HEALTHY).map((name) => [name, []]));
  expect(await problemsWith(none)).toMatchObject({ found: [], thrown: undefined });
  const unused = { "receiver Invocations": [], "queue NumberOfMessagesSent": [hoursAgo(30, 0), hoursAgo(2, 0)] };
  expect(await problemsWith(unused)).toMatchObject({ found: [], thrown: undefined });
});

test.each([
  ["DeadLetters", "dead-letters ApproximateNumberOfMessagesVisible", [hoursAgo(1, 0), hoursAgo(0.25, 1)]],
  ["OldestMessage", "queue ApproximateAgeOfOldestMessage", [hoursAgo(0.25, 3_601)]],
  ["Refusals", "receiver Refused", [hoursAgo(1, 21), hoursAgo(0.5, 0)]],
  ["ProcessorErrors", "processor Errors", [hoursAgo(1.25, 1), hoursAgo(0.5, 0)]],
  ["ProcessorDuration", "processor Duration", [hoursAgo(1, 240_001), hoursAgo(0.5, 10)]],
  ["CompactorErrors", "compactor Errors", [hoursAgo(1, 0), hoursAgo(0.5, 1)]],
  ["CompactorErrors", "compactor Errors", []],
  ["ReconcilerErrors", "reconciler Errors", [hoursAgo(1, 1), hoursAgo(0.25, 0)]],
  ["ReconcilerErrors", "reconciler Errors", []],
  ["NoCalls", "receiver Invocations", [hoursAgo(200, 3), hoursAgo(25, 1), hoursAgo(1, 0)]],
  ["NoCalls", "queue NumberOfMessagesSent", [hoursAgo(600, 3), hoursAgo(25, 1)]],
] as const)("finds and logs %s by %s, and fails", async (problem, metric, points) => {
  const { found, logged, thrown } = await problemsWith({ [metric]: points });
  expect(found).toEqual([problem]);
  expect(logged).toMatchObject([{ event: "problem", problem }]);
  expect(thrown).toBeInstanceOf(ProblemsFound);
  expect(thrown).toMatchObject({ message: expect.stringContaining(`${problem}: `) });
});

test.each([
  [
    "dead letters that were redriven",
    "dead-letters ApproximateNumberOfMessagesVisible",
    [hoursAgo(1, 3), hoursAgo(0.5, 0)],
  ],
  ["a crash that an earlier run found", "processor Errors", [hoursAgo(1.6, 1)]],
  ["a compactor whose last run succeeded", "compactor Errors", [hoursAgo(1, 1), hoursAgo(0.5, 0)]],
] as const)("ends after %s", async (_, metric, points) => {
  expect(await problemsWith({ [metric]: points })).toMatchObject({ found: [], thrown: undefined });
});

test("names every problem at once", async () => {
  const { found, thrown } = await problemsWith({
    "dead-letters ApproximateNumberOfMessagesVisible": [hoursAgo(0.5, 2)],
    "processor Errors": [hoursAgo(0.5, 4)],
  });
  expect(found).toEqual(["DeadLetters", "ProcessorErrors"]);
  expect(thrown).toMatchObject({
    message: "DeadLetters: 2 dead letters; ProcessorErrors: the processor crashed 4 times",
  });
});

test("without a reconciler reads none of its metrics, and misses none", async () => {
  const { queries, thrown } = await problemsWith({ "reconciler Errors": [] }, { reconciler: undefined });
  expect(queries.filter((name) => name.startsWith("reconciler"))).toEqual([]);
  expect(thrown).toBeUndefined();
});

test("reads nine metrics in each run, which its cost assumes", async () => {
  expect((await problemsWith({})).queries).toHaveLength(9);
});

test("fails if metrics cannot be read", async () => {
  const handler = monitorHandler({
    metrics: { read: () => Promise.reject(new Error("CloudWatch is away")) },
    watched: WATCHED,
    now: () => NOW,
    log: () => {},
  });
  await expect(handler({})).rejects.toThrow("CloudWatch is away");
});
