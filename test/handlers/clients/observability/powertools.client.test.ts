import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { at } from "../../../../handlers/call/json.ts";
import type { Log } from "../../../../handlers/clients/observability/log.ts";
import type { Measurement } from "../../../../handlers/clients/observability/measure.ts";
import { powertoolsHandler } from "../../../../handlers/clients/observability/powertools.client.ts";

/** The lines that are written to the standard output until the test ends, parsed. */
function writtenLines(): unknown[] {
  const lines: unknown[] = [];
  vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "CallArchive");
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
  const info = vi.spyOn(console, "log").mockImplementation((text) => void lines.push(JSON.parse(text)));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    write.mockRestore();
    info.mockRestore();
  });
  return lines;
}

const invocation = (awsRequestId: string) => ({ awsRequestId });

test("every line and metric of an invocation has its request id, and its message is the event", async () => {
  const lines = writtenLines();
  vi.stubEnv("CALL_ARCHIVE_METRICS", "all");
  const handler = powertoolsHandler(({ log, measure }) => async (event: string) => {
    log({ event, message_id: "m_1" });
    measure([
      { name: "Refused", value: 1, by: { reason: "missing" } },
      { name: "Received", value: 1 },
    ]);
  });
  await handler("failed", invocation("request-1"));
  await handler("processed", invocation("request-2"));
  const [first, second] = [lines.slice(0, lines.length / 2), lines.slice(lines.length / 2)];
  expect(first.map((line) => at(line, "request_id"))).toEqual(first.map(() => "request-1"));
  expect(second.map((line) => at(line, "request_id"))).toEqual(second.map(() => "request-2"));
  expect(first[0]).toMatchObject({ message: "failed", event: "failed", message_id: "m_1" });
  expect(first.length).toBe(3);
});

test("a line from outside an invocation has no request id, and a late one keeps its own", async () => {
  const lines = writtenLines();
  let outside: Log = () => {};
  const late: Promise<void>[] = [];
  const handler = powertoolsHandler(({ log }) => {
    outside = log;
    return async (event: string) => {
      log({ event });
      late.push(setTimeout(20).then(() => log({ event: `${event}, late` })));
    };
  });
  outside({ event: "start" });
  await handler("one", invocation("request-1"));
  outside({ event: "between" });
  await handler("two", invocation("request-2"));
  await Promise.all(late);
  const logged = lines.map((line) => [at(line, "event"), at(line, "request_id")]);
  expect(logged).toEqual([
    ["start", undefined],
    ["one", "request-1"],
    ["between", undefined],
    ["two", "request-2"],
    ["one, late", "request-1"],
    ["two, late", "request-2"],
  ]);
});

const MEASURED: readonly Measurement[] = [
  { name: "Received", value: 1 },
  { name: "Refused", value: 1, by: { reason: "missing" } },
  { name: "Duplicates", value: 0 },
  { name: "IngestLag", value: 0, unit: "Seconds" },
];

test.each([
  [undefined, ["Refused"]],
  ["few", ["Refused"]],
  ["all", ["Received", "Refused", "IngestLag", "Refused by reason"]],
])("with CALL_ARCHIVE_METRICS %s, sends %j", async (variable, expected) => {
  const lines = writtenLines();
  vi.stubEnv("CALL_ARCHIVE_METRICS", variable);
  const handler = powertoolsHandler(
    ({ measure }) =>
      async (_event: string) =>
        measure(MEASURED),
  );
  await handler("one", invocation("request-1"));
  const sent = lines.flatMap((line) => {
    const by = at(line, "reason") === undefined ? "" : " by reason";
    const named = [at(line, "_aws", "CloudWatchMetrics")].flat().flatMap((each) => [at(each, "Metrics")].flat());
    return named.map((metric) => `${at(metric, "Name")}${by}`);
  });
  expect(sent.toSorted()).toEqual([...expected].toSorted());
});

test("writes nothing if nothing is sent", async () => {
  const lines = writtenLines();
  const handler = powertoolsHandler(({ measure }) => async (_event: string) => {
    measure([{ name: "Received", value: 1 }]);
    measure([]);
  });
  await handler("one", invocation("request-1"));
  expect(lines).toEqual([]);
});
