import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { QueryFailed } from "../../../queries/engine/query-engine.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { packKey, partKey } from "../../../queries/tables/table.ts";
import { compactAt } from "../../support/fixtures/packed-folder.ts";
import { emptyFolder, engineOn, writeLive } from "../analytics-folder.ts";

const [CLOSED, TODAY] = ["2026-11-19", "2026-11-20"];

/** What the missing or damaged file has: the rows of a closed day, or of a packed hour. `marked` is its dirty marker. */
const FILES = [
  ["part of a closed day", partKey("turns", CLOSED, 0), "closed", CLOSED],
  ["pack of an hour", packKey("turns", TODAY, 1), "packed", `${TODAY}/08`],
] as const;

const ALL = ["closed", "live", "other pack", "packed"];

/** An archive with a closed day, two packed hours and a live one. Each has one row. */
async function anArchive(): Promise<string> {
  const folder = await emptyFolder();
  const turn = (dt: string, hr: string, message: string) => ({ dt, hr, conversation_id: `conv_${hr}`, message });
  const rows = [turn(CLOSED, "10", "closed"), turn(TODAY, "08", "packed"), turn(TODAY, "09", "other pack")];
  const turns = [...rows, turn(TODAY, "10", "live")];
  // The number of calls is that of `conversations`.
  const conversations = turns.map(({ message: _, ...call }) => call);
  await writeLive(join(folder, "analytics"), { turns, conversations });
  await compactAt(folder, new Date(`${TODAY}T10:15:00Z`));
  return folder;
}

async function messages(folder: string): Promise<unknown[]> {
  const engine = await engineOn(join(folder, "analytics"));
  return (await engine.run("select message from turns order by 1", [])).rows.flat();
}

test.each(FILES)(
  "the rows of a missing %s are missing, and others are not, until a dirty marker",
  async (_, key, row, marked) => {
    const folder = await anArchive();
    expect(await messages(folder)).toEqual(ALL);
    await rm(join(folder, "analytics", key));
    expect(await messages(folder)).toEqual(ALL.filter((message) => message !== row));
    await putWholeMarker(folderArchive(folder, "analytics"), marked);
    expect(await messages(folder)).toEqual(ALL);
  },
);

test.each(FILES)("a query that reads a damaged %s fails, until a dirty marker", async (_, key, __, marked) => {
  const folder = await anArchive();
  await writeFile(join(folder, "analytics", key), "PAR1 damaged");
  await expect(messages(folder)).rejects.toThrow(QueryFailed);
  await putWholeMarker(folderArchive(folder, "analytics"), marked);
  expect(await messages(folder)).toEqual(ALL);
});

test("the rows of packed hours are missing, and none is twice, if all packs are gone", async () => {
  const folder = await anArchive();
  await rm(join(folder, "analytics/hours"), { recursive: true });
  expect(await messages(folder)).toEqual(["closed", "live"]);
});

test.each(["7", "null", `{"${TODAY}":null}`, `{"${TODAY}":{"08":null}}`, `{"${TODAY}":{"08":{"pack":"1) or (1=1"}}}`])(
  "everything is read live if the state has the packed hours %s",
  async (hours) => {
    const folder = await anArchive();
    await writeFile(
      join(folder, "analytics", STATE_KEY),
      `{"first_live_day":"${TODAY}","changed":{},"hours":${hours}}`,
    );
    await rm(join(folder, "analytics/days"), { recursive: true });
    expect(await messages(folder)).toEqual(ALL);
  },
);
