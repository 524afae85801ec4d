import { type FileMetaData, parquetMetadata } from "hyparquet";
import { describe, expect, test } from "vitest";
import { openDuckdb } from "../../queries/engine/local-engine.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { groupedParquet, parquetFile } from "../../queries/tables/parquet.ts";
import { type AnyRow, liveKey, type Table } from "../../queries/tables/table.ts";
import { emptyFolder, writeObject } from "./analytics-folder.ts";

const AT = new Date("2026-03-29T01:30:00.001Z");
const FULL = { conversation_id: "full", started_at: AT, title: "Kettle" };
const SPARSE = { conversation_id: "sparse" };

describe.each(TABLES)("the files of $name", (table) => {
  test("have every column, whatever the rows", () => {
    for (const file of [parquetFile(table, [idsOnly(table)]), partFile(table, [idsOnly(table)]), partFile(table, [])]) {
      expect(metadataOf(file).schema.flatMap(({ name, type }) => (type ? [name] : []))).toEqual(
        Object.keys(table.columns),
      );
    }
  });

  test("have a value or a null of each column in each row group", () => {
    const rows = Array.from({ length: 40 }, () => idsOnly(table));
    for (const file of [parquetFile(table, rows), partFile(table, rows)]) {
      const [group] = metadataOf(file).row_groups;
      expect(group?.columns.map(({ meta_data }) => meta_data?.num_values)).toEqual(
        Object.keys(table.columns).map(() => 40n),
      );
    }
  });

  test("cost less than 100 bytes for each column without a value", () => {
    const required = Object.fromEntries(Object.entries(table.columns).filter(([, column]) => column.required));
    const empty = Object.keys(table.columns).length - Object.keys(required).length;
    const rows = [idsOnly(table)];
    const bytes = parquetFile(table, rows).length - parquetFile({ ...table, columns: required }, rows).length;
    expect(bytes / empty).toBeLessThan(100);
  });

  test("have timestamps in UTC, with the converted type for older readers", () => {
    const timestamps = Object.entries(table.columns).filter(([, { type }]) => type === "timestamp");
    for (const file of [parquetFile(table, [idsOnly(table)]), partFile(table, [idsOnly(table)])]) {
      const stored = metadataOf(file).schema.filter(({ logical_type }) => logical_type?.type === "TIMESTAMP");
      expect(stored).toMatchObject(
        timestamps.map(([name]) => ({
          name,
          type: "INT64",
          converted_type: "TIMESTAMP_MILLIS",
          logical_type: { isAdjustedToUTC: true, unit: "MILLIS" },
        })),
      );
    }
  });
});

test("all live objects are one table for a reader that takes the schema from the first file", async () => {
  const folder = await emptyFolder();
  // In the order of their names, the first file has the fewest values.
  for (const [name, row] of [["a", SPARSE] as const, ["b", FULL] as const]) {
    await writeObject(folder, liveKey(conversations.name, "2026-03-29", name), parquetFile(conversations, [row]));
  }
  const duckdb = await openDuckdb();
  const connection = await duckdb.connect();
  await connection.run("set TimeZone = 'Pacific/Kiritimati'");
  const files = `read_parquet('${folder.replaceAll("\\", "/")}/live/conversations/*/*.parquet')`;
  const read = await connection.runAndReadAll(
    `select title, epoch_ms(started_at), typeof(started_at) from ${files} order by title nulls first`,
  );
  expect(read.getRows()).toEqual([
    [null, null, "TIMESTAMP WITH TIME ZONE"],
    ["Kettle", BigInt(AT.getTime()), "TIMESTAMP WITH TIME ZONE"],
  ]);
  duckdb.closeSync();
});

function partFile(table: Table, rows: readonly AnyRow[]): Buffer {
  const file = groupedParquet(table);
  file.add(rows);
  return file.finish();
}

function idsOnly(table: Table): AnyRow {
  return Object.fromEntries(
    Object.entries(table.columns).flatMap(([name, { required }]) => (required ? [[name, "x"]] : [])),
  );
}

function metadataOf(file: Buffer): FileMetaData {
  return parquetMetadata(Uint8Array.from(file).buffer);
}
