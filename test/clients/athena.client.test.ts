import { AthenaClient } from "@aws-sdk/client-athena";
import { expect, test } from "vitest";
import { type AthenaOptions, athena } from "../../handlers/clients/athena.client.ts";
import { awsAt } from "../fixtures/aws-client.ts";
import { type AthenaBehaviour, anAthenaServer } from "../servers/athena-server.ts";
import { virtualClock } from "./virtual-clock.ts";

async function anAthena(behaviour: AthenaBehaviour = {}, options: Partial<AthenaOptions> = {}) {
  const server = await anAthenaServer(behaviour);
  const client = new AthenaClient({ ...awsAt(server.url), maxAttempts: 3 });
  const run = athena({ workgroup: "archive", database: "calls", client, clock: virtualClock(), ...options });
  return { server, run };
}

test("answers the rows of a select, without the names that Athena puts before them", async () => {
  const answer = () => ({ names: ["n", "title"], rows: [["7", null]] });
  const { run, server } = await anAthena({ answer });
  expect(await run("select 7 as n, null as title")).toEqual([["7", null]]);
  expect(server.executions).toMatchObject([{ workgroup: "archive", database: "calls" }]);
});

test("waits for the end of a statement that has no rows", async () => {
  const { run, server } = await anAthena({ looks: 5 });
  expect(await run("create or replace view v as select 1")).toEqual([]);
  expect(server.executions[0]?.looks).toBe(5);
});

test("says why a statement failed, in Athena's words", async () => {
  const answer = () => {
    throw new Error("TABLE_NOT_FOUND: line 1:15");
  };
  const { run } = await anAthena({ answer });
  await expect(run("select 1 from nowhere")).rejects.toThrow(/could not run.*TABLE_NOT_FOUND: line 1:15/);
});

test("runs a statement once whose start was not heard of", async () => {
  const { run, server } = await anAthena();
  server.fail({ does: "work, then cut" });
  await run("create or replace view v as select 1");
  expect(server.executions).toHaveLength(1);
});

test("says that Athena refused a statement", async () => {
  const { run, server } = await anAthena();
  const body = JSON.stringify({ __type: "AccessDeniedException", message: "not authorized" });
  server.fail({ does: "answer", status: 400, body });
  await expect(run("select 1")).rejects.toThrow("Athena refused a statement: not authorized");
});

test("stops a statement that does not end", async () => {
  const { run, server } = await anAthena({ looks: 10_000 }, { timeoutMs: 30_000 });
  await expect(run("select 1")).rejects.toThrow("did not finish a statement within 30 s");
  expect(server.stopped).toEqual(["0"]);
});
