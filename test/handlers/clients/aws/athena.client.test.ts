import { AthenaClient } from "@aws-sdk/client-athena";
import { expect, test } from "vitest";
import { type AthenaOptions, athena } from "../../../../handlers/clients/aws/athena.client.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { virtualClock } from "../../../support/fixtures/virtual-clock.ts";
import { type AthenaBehaviour, anAthenaServer } from "../../../support/servers/athena-server.ts";

async function anAthena(behaviour: AthenaBehaviour = {}, options: Partial<AthenaOptions> = {}) {
  const server = await anAthenaServer(behaviour);
  const client = new AthenaClient({ ...awsAt(server.url), maxAttempts: 3 });
  const run = athena({ workgroup: "archive", database: "calls", client, clock: virtualClock(), ...options });
  return { server, run };
}

function answering(rows: (string | null)[][]): AthenaBehaviour {
  const columns = [
    { name: "n", type: "bigint" },
    { name: "title", type: "varchar" },
  ];
  return { answer: () => ({ columns, rows }), bytes: 12_345 };
}

test("returns columns and rows without the row of column names, and the bytes and the time", async () => {
  const { run, server } = await anAthena(answering([["7", null]]));
  expect(await run("select 7 as n, null as title")).toEqual({
    columns: [
      { name: "n", type: "bigint" },
      { name: "title", type: "varchar" },
    ],
    rows: [["7", null]],
    bytes: 12_345,
    milliseconds: 1_234,
  });
  expect(server.executions).toMatchObject([{ workgroup: "archive", database: "calls", parameters: [] }]);
});

test.each([0, 999, 1_000, 2_500])("returns all of %d rows, page by page, each once", async (count) => {
  const all = Array.from({ length: count }, (_, n) => [String(n), null]);
  const { run } = await anAthena(answering(all));
  expect((await run("select n, title from many")).rows).toEqual(all);
});

test("sends each parameter unchanged as a literal", async () => {
  const { run, server } = await anAthena(answering([]));
  await run("select n from t where a = ? and b = ?", { parameters: ["'it''s'", "7"] });
  expect(server.executions[0]?.parameters).toEqual(["'it''s'", "7"]);
});

test("reuses an earlier result only if asked for, and for no longer than asked", async () => {
  for (const reuseMinutes of [undefined, 1]) {
    const { run, server } = await anAthena(answering([]), reuseMinutes === undefined ? {} : { reuseMinutes });
    await run("select 1");
    expect(server.executions[0]?.reuseMinutes).toBe(reuseMinutes ?? 0);
  }
});

test("a result is not reused for other parameters: the statements differ", async () => {
  const { run, server } = await anAthena(answering([]), { reuseMinutes: 1 });
  for (const parameters of [["'a'"], ["'b'"], ["'a'"], ["'a', 'b'"], ["'a'", "'b'"], []]) {
    await run("select n from t", { parameters });
  }
  const [first, second, again, ...others] = server.executions.map(({ sql }) => sql);
  expect(again).toBe(first);
  expect(new Set([first, second, ...others]).size).toBe(5);
  for (const sql of [first, second, ...others]) expect(sql).toMatch(/^select n from t\n-- parameters [0-9a-f]{64}$/);
  const plain = await anAthena(answering([]));
  await plain.run("select n from t", { parameters: ["'a'"] });
  expect(plain.server.executions[0]?.sql).toBe("select n from t");
});

test("waits for the end of a statement that has no rows", async () => {
  const { run, server } = await anAthena({ polls: 5 });
  expect((await run("create or replace view v as select 1")).rows).toEqual([]);
  expect(server.executions[0]?.polls).toBe(5);
});

test("the error of a failed statement has Athena's reason", async () => {
  const answer = () => {
    throw new Error("TABLE_NOT_FOUND: line 1:15");
  };
  const { run } = await anAthena({ answer });
  await expect(run("select 1 from nowhere")).rejects.toThrow(
    /could not run.*TABLE_NOT_FOUND: line 1:15\. A deployment creates the views/,
  );
});

test("the error at the workgroup's limit has advice", async () => {
  const { run } = await anAthena({ bytes: 11, byteLimit: 10 });
  await expect(run("select 1")).rejects.toThrow(/cancelled, Bytes scanned limit was exceeded\. .*Query fewer days/);
});

test("runs a statement once when the answer to its start is lost", async () => {
  const { run, server } = await anAthena();
  server.fail({ does: "work, then cut" });
  await run("create or replace view v as select 1");
  expect(server.executions).toHaveLength(1);
});

test.each([
  ["AccessDeniedException", "You are not authorized to perform: athena:StartQueryExecution", "AnalystsPolicyArn"],
  ["InvalidRequestException", "WorkGroup archive is not found.", "AWS_REGION"],
  ["UnrecognizedClientException", "The security token included in the request is invalid.", "aws sso login"],
  ["InvalidRequestException", "Queries of this type are not supported", "not supported"],
])("the error of a refused statement has advice: %s, %s", async (__type, message, advice) => {
  const { run, server } = await anAthena();
  server.fail({ does: "answer", status: 400, body: JSON.stringify({ __type, message }) });
  const refused = run("select 1");
  await expect(refused).rejects.toThrow(`Athena refused a statement: ${__type}, ${message}`);
  await expect(refused).rejects.toThrow(advice);
});

test("retries when Athena is busy", async () => {
  const { run, server } = await anAthena(answering([["1", null]]));
  const body = JSON.stringify({ __type: "TooManyRequestsException", message: "Rate exceeded" });
  server.fail({ does: "answer", status: 400, body }, { times: 2 });
  expect((await run("select 1")).rows).toEqual([["1", null]]);
});

test("stops a statement that does not end", async () => {
  const { run, server } = await anAthena({ polls: 10_000 }, { timeoutMs: 30_000 });
  await expect(run("select 1")).rejects.toThrow("did not finish a statement within 30 s");
  expect(server.stopped).toEqual(["0"]);
});

test("stops a statement at once when its signal is aborted", async () => {
  const stop = new AbortController();
  const clock = { now: () => new Date(), sleep: () => new Promise<void>(() => stop.abort()) };
  const { run, server } = await anAthena({ polls: 10_000 }, { clock });
  await expect(run("select 1", { signal: stop.signal })).rejects.toThrow("stopped on Athena");
  expect(server.stopped).toEqual(["0"]);
  await expect(run("select 1", { signal: stop.signal })).rejects.toThrow("stopped before it was started");
  expect(server.executions).toHaveLength(1);
});

test("fetches no further page of rows when its signal is aborted", async () => {
  const stop = new AbortController();
  const { answer } = answering(Array.from({ length: 5_000 }, (_, n) => [String(n), null]));
  const caught = async (sql: string, parameters: readonly string[]) => {
    const table = await answer?.(sql, parameters);
    return {
      columns: table?.columns ?? [],
      // Read for each page.
      get rows() {
        stop.abort();
        return table?.rows ?? [];
      },
    };
  };
  const { run, server } = await anAthena({ answer: caught });
  const answered = run("select n, title from many", { signal: stop.signal });
  await expect(answered).rejects.toThrow("The statement was stopped before all rows were read");
  const targets = server.requests.map(({ headers }) => String(headers["x-amz-target"]));
  expect(targets.filter((target) => target.endsWith("GetQueryResults"))).toHaveLength(1);
});

test("stops a statement whose state it cannot read, and throws the reason", async () => {
  const body = JSON.stringify({ __type: "InvalidRequestException", message: "no" });
  const clock = { now: () => new Date(), sleep: async () => server.fail({ does: "answer", status: 400, body }) };
  const { run, server } = await anAthena({ polls: 10_000 }, { clock });
  await expect(run("select 1")).rejects.toThrow("Athena refused a statement: InvalidRequestException, no");
  expect(server.stopped).toEqual(["0"]);
});
