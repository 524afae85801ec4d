import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { putDirtyMarkers, putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey, packKey } from "../../../queries/tables/table.ts";
import { aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { compactAt } from "../../support/fixtures/packed-folder.ts";
import { aCopyOf, anArchiveOf, changeBytes, changeJson, foundIn, verifying } from "./archive-to-verify.ts";

const DAY = "2026-11-20";
const HOUR = `${DAY}/10`;
const PACKED = new Date(`${DAY}T12:15:00Z`);
const CLOSED = new Date("2026-11-21T03:00:00Z");
const FINDING = `packed hour dt=${DAY}/hr=10`;

const start = (time: string) => metadataWith({ start_time_unix_secs: Date.parse(`${DAY}T${time}:00Z`) / 1000 });

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf([
    aTranscription({ conversation_id: "conv_1", metadata: start("10:00") }),
    aTranscription({ conversation_id: "conv_2", metadata: start("10:30") }),
    aTranscription({ conversation_id: "conv_3", metadata: start("11:00") }),
  ]);
  await compactAt(pristine, PACKED);
});

const inAnalytics = (folder: string, key: string) => join(folder, "analytics", key);
const pack = (folder: string, table = "turns", number = 1) => inAnalytics(folder, packKey(table, DAY, number));
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
const flipped = (bytes: Buffer) => Buffer.from(bytes).fill(1, 20, 21);

/** What is found, in words. */
async function words(folder: string): Promise<string> {
  const found = await Array.fromAsync(verifyArchive({}, verifying(folder)));
  return found.flatMap(({ findings }) => findings.map(({ what, remedy }) => `${what} (${remedy})`)).join("\n");
}

/** Writes a file that is some days old. */
async function writeOld(path: string, days: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "PAR1");
  const then = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
  await utimes(path, then, then);
}

const analyticsOf = (folder: string) => folderArchive(folder, "analytics");

test("finds nothing in intact packs, and nothing in retired ones", async () => {
  const folder = await aCopyOf(pristine);
  expect(await foundIn(folder)).toEqual([]);
  await putDirtyMarkers(analyticsOf(folder), [HOUR], "conv_1", PACKED);
  await compactAt(folder, PACKED);
  expect(await foundIn(folder)).toEqual([]);
  await compactAt(folder, CLOSED);
  expect(await foundIn(folder)).toEqual([]);
});

/** Changes the record of the pack. */
function inRecord(change: (record: Readonly<Record<string, unknown>>) => unknown) {
  return (folder: string) =>
    changeJson(inAnalytics(folder, STATE_KEY), (state) => {
      state.hours[DAY]["10"] = change(state.hours[DAY]["10"]);
      return state;
    });
}

const DAMAGE: readonly (readonly [what: string, damage: (folder: string) => Promise<unknown>, found: string])[] = [
  ["a missing part", (folder) => rm(pack(folder)), "turns/dt=2026-11-20/pack=1/part-00.parquet is missing"],
  ["a missing part without rows", (folder) => rm(pack(folder, "tool_calls")), "is missing"],
  ["a part that is cut off", (folder) => changeBytes(pack(folder), half), "has other bytes than were written"],
  ["a part with a flipped bit", (folder) => changeBytes(pack(folder), flipped), "has other bytes than were written"],
  [
    "another hash on record",
    inRecord((record) => ({ ...record, sha256: { turns: "0".repeat(64) } })),
    "turns/dt=2026-11-20/pack=1/part-00.parquet has other bytes",
  ],
  ["a surplus file", (folder) => writeOld(`${pack(folder)}.parquet`, 0), "part-00.parquet.parquet is not on record"],
  [
    "other live objects than were packed",
    inRecord((record) => ({ ...record, conversations: 3, live_bytes: 1 })),
    "3 conversations on record, 2 stored, 1 bytes of live objects on record",
  ],
];

test.each(DAMAGE)(
  "finds %s, unless the hour has a dirty marker, and a new pack repairs it",
  async (_, damage, found) => {
    const folder = await aCopyOf(pristine);
    await damage(folder);
    expect([await foundIn(folder), await words(folder)]).toEqual([[FINDING], expect.stringContaining(found)]);
    await putWholeMarker(analyticsOf(folder), HOUR);
    expect(await foundIn(folder)).toEqual([]);
    await compactAt(folder, PACKED);
    expect(await foundIn(folder)).toEqual([]);
  },
);

test("finds a live object that could not be packed, and closing the day from damaged packs repairs both", async () => {
  const folder = await aCopyOf(pristine);
  const key = liveKey("turns", HOUR, "conv_1");
  await inRecord((record) => ({ ...record, unreadable: [key] }))(folder);
  expect(await foundIn(folder)).toEqual([`unreadable rows ${key}`]);
  expect(await words(folder)).toContain("could not be read when its hour was packed: its rows are missing there");
  await rm(pack(folder));
  await changeBytes(pack(folder, "conversations", 2), half);
  expect(await foundIn(folder)).toEqual([FINDING, `unreadable rows ${key}`, `packed hour dt=${DAY}/hr=11`]);
  await compactAt(folder, CLOSED);
  expect(await foundIn(folder)).toEqual([]);
});

test("a pack that nothing names is found when its day is closed and it is a day old", async () => {
  const folder = await aCopyOf(pristine);
  await writeOld(pack(folder, "turns", 7), 2);
  expect(await foundIn(folder)).toEqual([]);
  await compactAt(folder, CLOSED);
  await compactAt(folder, new Date(CLOSED.getTime() + 2 * 60 * 60 * 1000));
  expect(await foundIn(folder)).toEqual([]);
  await writeOld(pack(folder, "turns", 8), 0.9);
  expect(await foundIn(folder)).toEqual([]);
  await writeOld(pack(folder, "turns", 9), 1.1);
  expect(await foundIn(folder)).toEqual([`packed hour dt=${DAY}/pack=9`]);
  expect(await words(folder)).toBe(
    `is a pack of a closed day, which no query reads and no run deletes: ${packKey("turns", DAY, 9)} (delete these objects)`,
  );
});

test("a pack that cannot be read is a finding, and the others are verified", async () => {
  const folder = await aCopyOf(pristine);
  await rm(pack(folder, "turns", 2));
  const { stream, ...analytics } = analyticsOf(folder);
  const failing = (key: string) => {
    if (key === packKey("turns", DAY, 1)) throw new Error("EIO");
    return stream(key);
  };
  expect(await foundIn(folder, { analytics: { ...analytics, stream: failing } })).toEqual([
    `not verified dt=${DAY}/hr=10`,
    `packed hour dt=${DAY}/hr=11`,
  ]);
});
