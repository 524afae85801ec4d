import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { conversations } from "../../queries/tables/conversations.ts";
import { groupedParquet, parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import { type AnyRow, type ColumnType, liveKey, partKey, type Table } from "../../queries/tables/table.ts";
import { emptyFolder, engineOn, writeObject } from "./analytics-folder.ts";

const AT = new Date("2026-03-29T01:30:00.001Z");
const FULL = { conversation_id: "full", started_at: AT, title: "Kettle" };

describe("a file of an earlier version, without empty columns and without UTC in its types,", () => {
  test("is read beside new files as one table", async () => {
    const folder = await emptyFolder();
    for (const [key, body] of [
      [liveKey("conversations", "2026-03-29", "old"), earlierFile(conversations, [{ ...FULL, conversation_id: "1" }])],
      [liveKey("conversations", "2026-03-29", "none"), earlierFile(conversations, [{ conversation_id: "2" }])],
      [liveKey("conversations", "2026-03-29", "new"), parquetFile(conversations, [{ ...FULL, conversation_id: "3" }])],
      [partKey("conversations", "2026-03-28", 0), earlierFile(conversations, [{ ...FULL, conversation_id: "4" }])],
      [partKey("conversations", "2026-03-28", 1), partFile(conversations, [{ ...FULL, conversation_id: "5" }])],
    ] as const) {
      await writeObject(folder, key, body);
    }
    const engine = await engineOn(folder, "2026-03-29");
    const { columns, rows } = await engine.run(
      "select conversation_id, started_at, title, main_language from conversations order by 1",
      [],
    );
    expect(columns.map(({ type }) => type)).toEqual(["VARCHAR", "TIMESTAMP", "VARCHAR", "VARCHAR"]);
    expect(rows).toEqual(
      ["1", "2", "3", "4", "5"].map((id) => (id === "2" ? [id, null, null, null] : [id, AT, "Kettle", null])),
    );
    // A text of a time is the same from old and new files.
    const texts = await engine.run(
      "select distinct cast(started_at as varchar) from conversations where started_at is not null",
      [],
    );
    expect(texts.rows).toHaveLength(1);
  });

  test("is read by the compactor, with null for a missing column", async () => {
    const nulls = Object.fromEntries(Object.keys(conversations.columns).map((name) => [name, null]));
    expect(await rowsIn(conversations, earlierFile(conversations, [FULL]))).toEqual([{ ...nulls, ...FULL }]);
    expect(await rowsIn(conversations, parquetFile(conversations, [FULL]))).toEqual([{ ...nulls, ...FULL }]);
  });
});

test.each([
  ["in another unit", { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" }],
  ["that are not UTC", { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MILLIS" }],
] as const)("a file with timestamps %s is not one of ours", async (_, logical_type) => {
  const type = { type: "INT64", converted_type: "TIMESTAMP_MILLIS", logical_type } as const;
  const body = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 2 },
      { name: "conversation_id", repetition_type: "REQUIRED", type: "BYTE_ARRAY", converted_type: "UTF8" },
      { name: "started_at", repetition_type: "OPTIONAL", ...type },
    ],
    columnData: [
      { name: "conversation_id", data: ["conv_1"] },
      { name: "started_at", data: [AT] },
    ],
  });
  await expect(rowsIn(conversations, new Uint8Array(body))).rejects.toThrow(UnreadableParquet);
});

function partFile(table: Table, rows: readonly AnyRow[]): Buffer {
  const file = groupedParquet(table);
  file.add(rows);
  return file.finish();
}

/** A file without the columns that are null in every row, and with timestamps of the converted type only. */
function earlierFile(table: Table, rows: readonly AnyRow[]): Buffer {
  const type = {
    string: "STRING",
    boolean: "BOOLEAN",
    int: "INT32",
    bigint: "INT64",
    double: "DOUBLE",
    timestamp: "TIMESTAMP",
  } as const satisfies Record<ColumnType, string>;
  const columnData = Object.entries(table.columns).flatMap(([name, column]) => {
    const data = rows.map((row) => row[name] ?? null);
    const isOmitted = !column.required && data.every((value) => value === null);
    return isOmitted ? [] : [{ name, data, type: type[column.type], nullable: !column.required }];
  });
  return Buffer.from(parquetWriteBuffer({ columnData, statistics: false }));
}
