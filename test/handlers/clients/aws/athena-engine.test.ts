import { AthenaClient } from "@aws-sdk/client-athena";
import { expect, test } from "vitest";
import { athena } from "../../../../handlers/clients/aws/athena.client.ts";
import { athenaEngine } from "../../../../handlers/clients/aws/athena-engine.ts";
import { athenaUsd } from "../../../../infrastructure/commands/query/athena-price.ts";
import { ParameterError } from "../../../../queries/engine/parameter-values.ts";
import { QueryFailed, QueryThrottled, QueryTimedOut, QueryTooLarge } from "../../../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../../../queries/engine/saved-queries.client.ts";
import { emptyFolder, engineOn, writeLive } from "../../../queries/analytics-folder.ts";
import { cases, parametersInOrder, plainRows } from "../../../queries/cases.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { answersOf } from "../../../support/servers/athena-answers.ts";
import { type AthenaBehaviour, anAthenaServer } from "../../../support/servers/athena-server.ts";

/** Our engine with the SDK's client, against a server with this `behaviour`. */
async function anEngine(behaviour: AthenaBehaviour) {
  const server = await anAthenaServer(behaviour);
  const client = new AthenaClient(awsAt(server.url));
  const run = athena({ workgroup: "archive", database: "calls", client, clock: virtualClock() });
  return { server, engine: athenaEngine(run) };
}

const CASES = cases();

test.each(await readSavedQueries())("the rows of $name arrive unchanged", async (query) => {
  const ofIt = CASES.filter((one) => one.query === query.name);
  const longest = ofIt.toSorted((a, b) => b.expected.length - a.expected.length)[0];
  if (!longest) throw new Error(`${query.name} has no case`);
  const folder = await emptyFolder();
  await writeLive(folder, longest.tables);
  const { engine } = await anEngine({ answer: answersOf(await engineOn(folder)) });
  const answer = await engine.run(query.sql, parametersInOrder(query, longest));
  expect(plainRows(answer)).toEqual(longest.expected);
});

const EVERY_TYPE = `select
    cast(true as boolean) as b, cast(7 as integer) as i, cast(9007199254740993 as bigint) as l,
    cast(0.1 as double) as d, cast('2026-03-29 01:30:00.001' as timestamp) as t, cast('2026-11-01' as date) as day,
    cast(null as varchar) as nothing, '' as empty, 'Grüße 👋 "quoted"' as s`;

test("every value has its type", async () => {
  const { engine } = await anEngine({ answer: answersOf(await engineOn(await emptyFolder())) });
  expect((await engine.run(EVERY_TYPE, [])).rows).toEqual([
    [
      true,
      7,
      9007199254740993n,
      0.1,
      new Date("2026-03-29T01:30:00.001Z"),
      "2026-11-01",
      null,
      "",
      'Grüße 👋 "quoted"',
    ],
  ]);
});

test("a value is sent as a quoted string, and its own quotes are escaped", async () => {
  const { engine, server } = await anEngine({ answer: answersOf(await engineOn(await emptyFolder())) });
  const values = ["'", "''", "' or 1=1 --", "\\'", "👋", "-1", ""];
  for (const value of values) {
    const { rows } = await engine.run("select 1 as n where cast(? as varchar) = ?", [value, value]);
    expect(rows).toEqual([[1]]);
  }
  expect(server.executions.map(({ parameters }) => parameters[0])).toEqual([
    "''''",
    "''''''",
    "''' or 1=1 --'",
    "'\\'''",
    "'👋'",
    "'-1'",
    "''",
  ]);
});

test("the header, which contains a `?`, is not sent", async () => {
  const { engine, server } = await anEngine({});
  await engine.run("-- How many?\n--\n-- Grain: one\n\nselect 1 -- not this\n", []);
  expect(server.executions[0]?.sql).toBe("select 1 -- not this\n");
});

test("a value that is longer than Athena accepts is refused before it is sent", async () => {
  const { engine, server } = await anEngine({});
  await engine.run("select ?", ["x".repeat(1_022)]);
  const tooLong = engine.run("select ?, ?", ["x", "x".repeat(1_023)]);
  await expect(tooLong).rejects.toThrow(ParameterError);
  await expect(tooLong).rejects.toThrow(
    "up to 1024 characters, quotes included; value 2 in the query's order has 1025",
  );
  expect(server.executions).toHaveLength(1);
});

test("a statement that Athena refuses is a failed query with its reason", async () => {
  const { engine } = await anEngine({
    answer: () => {
      throw new Error("GENERIC_INTERNAL_ERROR");
    },
  });
  await expect(engine.run("select 1", [])).rejects.toThrow(QueryFailed);
  await expect(engine.run("select 1", [])).rejects.toThrow("failed, GENERIC_INTERNAL_ERROR");
});

test("the limits of Athena are different failures of a query", async () => {
  const large = await anEngine({ bytes: 11, byteLimit: 10 });
  await expect(large.engine.run("select 1", [])).rejects.toThrow(QueryTooLarge);
  const slow = await anEngine({ polls: 10_000 });
  await expect(slow.engine.run("select 1", [])).rejects.toThrow(QueryTimedOut);
  const { engine, server } = await anEngine({});
  const body = JSON.stringify({ __type: "TooManyRequestsException", message: "Rate exceeded" });
  server.fail({ does: "answer", status: 400, body }, { times: 10 });
  await expect(engine.run("select 1", [])).rejects.toThrow(QueryThrottled);
});

test("a stopped statement is a query that took too long", async () => {
  const server = await anAthenaServer({});
  const client = new AthenaClient(awsAt(server.url));
  const engine = athenaEngine(athena({ workgroup: "archive", database: "calls", client }), AbortSignal.abort());
  await expect(engine.run("select 1", [])).rejects.toThrow(QueryTimedOut);
  expect(server.executions).toEqual([]);
});

test.each([
  [0, 0.00005],
  [10_000_000, 0.00005],
  [10_000_001, 0.000055],
  [1e12, 5],
])("reading %d bytes costs $%d", (bytes, usd) => {
  expect(athenaUsd(bytes)).toBeCloseTo(usd, 9);
});
