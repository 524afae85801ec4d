import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QueryFailed } from "../../../queries/engine/query-engine.ts";
import { duckdbSql } from "../../../queries/engine/translate.ts";
import { cachedTranslation } from "../../../queries/engine/translation-cache.client.ts";
import { withChecksum } from "../../../queries/tables/checksum.ts";
import { emptyFolder } from "../analytics-folder.ts";

const SQL = "select date_add('day', 1, date '2026-11-30') where ? = 'x'";

async function storedIn(folder: string): Promise<string> {
  const [name = "", ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return join(folder, name);
}

test("a translation is stored once, and later processes read it", async () => {
  const folder = join(await emptyFolder(), "sql");
  const translated = cachedTranslation(folder);
  expect(await Promise.all([translated(SQL), translated(SQL)])).toEqual([duckdbSql(SQL), duckdbSql(SQL)]);
  const file = await storedIn(folder);
  await writeFile(file, JSON.stringify(withChecksum({ sql: "select 'from the folder'" })));
  expect(await cachedTranslation(folder)(SQL)).toBe("select 'from the folder'");
});

test.each([
  ["cut off", (text: string) => text.slice(0, 20)],
  ["empty", () => ""],
  ["changed", (text: string) => text.replace("2026", "2027")],
  ["of another form", () => JSON.stringify(withChecksum({ sql: 7 }))],
])("a stored translation that is %s is replaced", async (_, damage) => {
  const folder = await emptyFolder();
  await cachedTranslation(folder)(SQL);
  const file = await storedIn(folder);
  const stored = await readFile(file, "utf8");
  await writeFile(file, damage(stored));
  expect(await cachedTranslation(folder)(SQL)).toBe(duckdbSql(SQL));
  expect(await readFile(await storedIn(folder), "utf8")).toBe(stored);
});

test("statements that differ only in a comment are translated apart", async () => {
  const folder = await emptyFolder();
  const translated = cachedTranslation(folder);
  await Promise.all([translated(SQL), translated(`${SQL} -- more`)]);
  expect(await readdir(folder)).toHaveLength(2);
});

test("a folder that cannot be written is not needed", async () => {
  const file = join(await emptyFolder(), "file");
  await writeFile(file, "");
  expect(await cachedTranslation(join(file, "sql"))(SQL)).toBe(duckdbSql(SQL));
});

test("SQL that is not valid fails each time, and is not stored", async () => {
  const folder = await emptyFolder();
  const translated = cachedTranslation(folder);
  for (let n = 0; n < 2; n += 1) await expect(translated("select from from")).rejects.toThrow(QueryFailed);
  expect(await readdir(folder)).toEqual([]);
});
