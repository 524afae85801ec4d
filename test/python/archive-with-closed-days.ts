import { sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn } from "../../queries/tables/read-parquet.ts";
import { type AnyRow, liveKey, PARTITION, type Table } from "../../queries/tables/table.ts";
import { tableNamed, writeObject } from "../queries/analytics-folder.ts";
import { aCompactor } from "../support/fixtures/compacting.ts";
import { START } from "../support/fixtures/events.ts";
import { longCalls } from "../support/fixtures/long-calls.ts";
import { aWorld } from "../support/fixtures/world.ts";

/** The day of the object that readers open first. */
const FIRST_DAY = "2026-11-01";

/**
 * Writes the live objects of different calls to `folder`, and the closed days of most of them. The first object of each
 * table has values only in the columns that must have one.
 *
 * Returns the rows of each live object with their day, by the object's key.
 */
export async function writeArchive(folder: string): Promise<ReadonlyMap<string, readonly AnyRow[]>> {
  const world = aWorld();
  for (const table of TABLES) {
    await world.analytics.put(
      liveKey(table.name, `${FIRST_DAY}/00`, "first"),
      parquetFile(table, [requiredOnly(table)]),
    );
  }
  for (const { bodies } of sampleCalls({ count: 15, seed: 3, until: new Date(1000 * START) })) {
    for (const body of Object.values(bodies)) await world.take(Buffer.from(body));
  }
  for (const { transcription, others, endedAt } of longCalls(2, 40, "2026-11-10", 2)) {
    for (const body of [transcription, ...others]) await world.take(body, endedAt);
  }
  const rows = new Map<string, readonly AnyRow[]>();
  for (const [key, { body }] of world.analytics.objects) {
    const [, table = "", day = ""] = /^live\/(\w+)\/dt=([\d-]+)\//.exec(key) ?? [];
    if (table === "") continue;
    const read = await rowsIn(tableNamed(table), body);
    rows.set(
      key,
      read.map((row) => ({ ...row, [PARTITION.name]: day })),
    );
  }
  await aCompactor(world.analytics).compact({ now: () => new Date(1000 * START) });
  for (const [key, { body }] of world.analytics.objects) await writeObject(folder, key, body);
  return rows;
}

function requiredOnly({ columns }: Table): AnyRow {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, { required }]) => (required ? [[name, "first"]] : [])),
  );
}
