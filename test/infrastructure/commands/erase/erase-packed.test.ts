import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rowsIn } from "../../../../queries/tables/read-parquet.ts";
import { packKey } from "../../../../queries/tables/table.ts";
import { anArchiveOf } from "../../../handlers/verify/archive-to-verify.ts";
import { engineOn, tableNamed } from "../../../queries/analytics-folder.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription, metadataWith } from "../../../support/fixtures/events.ts";
import { compactAt } from "../../../support/fixtures/packed-folder.ts";

const DAY = "2026-11-20";
const PACKED = new Date(`${DAY}T12:15:00Z`);
const AN_HOUR_LATER = new Date(`${DAY}T13:15:00Z`);

/** The packs of any table with rows of `conversation`. */
async function packsWith(conversation: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob("hours/*/dt=*/pack=*/*", { cwd: join(folder, "analytics") })) {
    const [, table = ""] = path.split("/");
    const rows = await rowsIn(tableNamed(table), await readFile(join(folder, "analytics", path)));
    if (rows.some((row) => row["conversation_id"] === conversation)) found.push(path);
  }
  return found.sort();
}

/** What a query returns. */
async function queried(folder: string): Promise<unknown[]> {
  const engine = await engineOn(join(folder, "analytics"));
  return (await engine.run("select distinct conversation_id from turns order by 1", [])).rows.flat();
}

test("an erased call of a packed hour is in no query at once, and in no pack after two runs an hour apart", async () => {
  const start = (time: string) => metadataWith({ start_time_unix_secs: Date.parse(`${DAY}T${time}:00Z`) / 1000 });
  const folder = await anArchiveOf([
    aTranscription({ conversation_id: "conv_1", metadata: start("10:00") }),
    aTranscription({ conversation_id: "conv_2", metadata: start("10:30") }),
  ]);
  await compactAt(folder, PACKED);
  expect(await packsWith("conv_1", folder)).toContain(packKey("turns", DAY, 1));

  const args = ["--yes", "--conversation", "conv_1", "--reason", "request 4711"];
  const { code, out } = await runCommand("erase", folder, args);
  expect([code, out]).toEqual([
    0,
    expect.stringContaining(
      "rebuilds closed days and packed hours without them. A run an hour later deletes the earlier packs.\n",
    ),
  ]);
  expect(await queried(folder)).toEqual(["conv_2"]);

  await compactAt(folder, PACKED);
  expect(await queried(folder)).toEqual(["conv_2"]);
  await compactAt(folder, AN_HOUR_LATER);
  expect([await packsWith("conv_1", folder), await queried(folder)]).toEqual([[], ["conv_2"]]);
  expect(await packsWith("conv_2", folder)).toContain(packKey("turns", DAY, 2));
});
