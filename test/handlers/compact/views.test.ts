import { DuckDBInstance } from "@duckdb/node-api";
import type { CloudFormationCustomResourceEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { createCurrentViews, createViews } from "../../../handlers/compact/create-views.ts";
import { customResourceHandler } from "../../../handlers/compact/custom-resource.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { sideTable } from "../../../queries/tables/athena-view.ts";
import { type ClosedDays, NOTHING_CLOSED } from "../../../queries/tables/closed-days.ts";
import { SIDES } from "../../../queries/tables/table.ts";

test("the views show every row once, for any date between closed and live days", async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  for (const table of TABLES) {
    const columns = [...Object.keys(table.columns), "dt"].map((name) => `${name} varchar`).join(", ");
    for (const side of SIDES) {
      const name = sideTable(table, side);
      await connection.run(`create table ${name} (${columns})`);
      for (const dt of ["2026-11-01", "2026-11-02"]) {
        if (side === "days" && dt === "2026-11-02") continue;
        await connection.run(`insert into ${name} (conversation_id, dt) values ('of ${dt}', '${dt}')`);
      }
    }
  }
  const idsOf = async (view: string) =>
    (await connection.runAndReadAll(`select conversation_id from ${view} order by 1`)).getRows().flat();

  for (const closed of [NOTHING_CLOSED, { firstLiveDay: "2026-11-02", changed: [], packs: {} }]) {
    await createViews((sql) => connection.run(sql), closed);
    for (const { name } of TABLES) expect(await idsOf(name)).toEqual(["of 2026-11-01", "of 2026-11-02"]);
  }
});

test("a deployment creates the views again when a day was closed meanwhile", async () => {
  let closed: ClosedDays = { firstLiveDay: "2026-11-02", changed: ["2026-11-01"], packs: {} };
  const made: string[] = [];
  const run = async (sql: string) => {
    made.push(/< '(.*?)'/.exec(sql)?.[1] ?? "");
    if (made.length === 3) closed = { firstLiveDay: "2026-11-03", changed: [], packs: {} };
  };
  await createCurrentViews(run, async () => closed);
  expect(made).toEqual([...TABLES.map(() => "2026-11-02"), ...TABLES.map(() => "2026-11-03")]);
});

async function answered(RequestType: "Create" | "Update" | "Delete", apply: () => Promise<void>) {
  const answers: unknown[] = [];
  const handler = customResourceHandler({
    apply,
    respond: async (url, response) => void answers.push({ url, ...response }),
    log: () => {},
  });
  const ids = { RequestId: "r", StackId: "s", LogicalResourceId: "Views", ResourceURL: "", ResourceType: "" };
  await handler({ ...ids, RequestType, ResponseURL: "https://answer" } as unknown as CloudFormationCustomResourceEvent);
  return answers;
}

test("a deployment waits for the views, and fails with the reason if they cannot be made", async () => {
  expect(await answered("Create", async () => {})).toEqual([
    {
      url: "https://answer",
      RequestId: "r",
      StackId: "s",
      LogicalResourceId: "Views",
      PhysicalResourceId: "Views",
      Status: "SUCCESS",
    },
  ]);
  const failing = async () => {
    throw new Error("Athena refused a statement");
  };
  expect(await answered("Update", failing)).toMatchObject([{ Status: "FAILED", Reason: "Athena refused a statement" }]);
});

test("nothing is done when the stack is deleted", async () => {
  const failing = async () => {
    throw new Error("should not be called");
  };
  expect(await answered("Delete", failing)).toMatchObject([{ Status: "SUCCESS" }]);
});
