import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { verifyArchive, verifyObjects } from "../../../handlers/verify/verify-archive.ts";
import { folderDeployment } from "../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { repair } from "../../../infrastructure/commands/toolkit/verify/repair.ts";
import { compactFolder } from "../../../infrastructure/local/compact-folder.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { conversations } from "../../../queries/tables/conversations.ts";
import { parquetFile } from "../../../queries/tables/parquet.ts";
import { rowsIn } from "../../../queries/tables/read-parquet.ts";
import { copyWithTimes } from "../../support/fixtures/copies.ts";
import { aFailure, anAudio, aTranscription, bodyOf, metadataWith } from "../../support/fixtures/events.ts";
import { SECRET, tree } from "../../support/fixtures/local.ts";
import {
  aCopyOf,
  aged,
  anArchiveOf,
  changeBytes,
  changeJson,
  foundIn,
  liveOf,
  replace,
  rot,
  take,
  verifying,
} from "./archive-to-verify.ts";

const DAY = "2026-11-20";
const CARRIES = "12025550101/conv_carries.json";
const APART = "12025550102/conv_apart.json";
const FAILED = "442079460100/conv_failed.failure.json";
const ANONYMOUS = "anonymous/conv_unknown.json";
const AUDIO = "_audio/conv_apart.json";
const OTHER = "_other/post_call_of_a_new_kind/conv_other.json";

const MP3 = silentMp3({ seconds: 4, title: "test" }).toString("base64");
const SHORT = { call_duration_secs: 4 };
const by = (external_number: string) =>
  metadataWith({ ...SHORT, phone_call: { direction: "inbound", external_number } });

const BODIES = [
  aTranscription({ conversation_id: "conv_carries", full_audio: MP3, metadata: metadataWith(SHORT) }),
  anAudio({ conversation_id: "conv_apart", full_audio: MP3 }),
  aTranscription({ conversation_id: "conv_apart", has_audio: true, metadata: by("+12025550102") }),
  aTranscription({ conversation_id: "conv_unknown", metadata: by("anonymous") }),
  aFailure({ conversation_id: "conv_failed" }),
  bodyOf("post_call_of_a_new_kind", { conversation_id: "conv_other" }),
];

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf(BODIES);
});

const live = (folder: string, table: string, conversation: string, day = DAY) =>
  join(folder, `analytics/live/${table}/dt=${day}/hr=10/${conversation}.parquet`);
const inIndex = (conversation: string, change: (index: Record<string, unknown>) => unknown) => (folder: string) =>
  changeJson(join(folder, "archive/_index", conversation), change);
const remove = (key: string) => (folder: string) => rm(join(folder, "archive", key));
const mp3Of = (key: string) => key.replace(".json", ".mp3");
const atEnd = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -3), Buffer.from("%%%")]);
const otherSummary = (bytes: Buffer) => Buffer.from(bytes.toString().replace("a refund", "no refund"));

/** Restores a file from the undamaged archive. */
const restored = async (folder: string, key: string) =>
  copyWithTimes(join(pristine, "archive", key), join(folder, "archive", key));

/** Processes again what that repairs. Returns what is still found in these objects. */
async function repairFindings(folder: string): Promise<string[]> {
  const found = await Array.fromAsync(verifyArchive({}, verifying(folder)));
  const keys = found.filter(({ findings }) => findings.some((each) => each.isRepairable)).map(({ key }) => key);
  const openDeployment = await folderDeployment(settingsFrom({ ARCHIVE_DIR: folder })).open("npm run verify", () => {});
  await repair(keys, openDeployment, { rate: undefined, onRePut: () => {} });
  await openDeployment.close();
  const left = await Array.fromAsync(verifyObjects(keys, verifying(folder)));
  return left.flatMap(({ findings }) => findings.map(({ kind, key }) => `${kind} ${key}`));
}

test("finds nothing in an intact archive, also with a closed day and repeated deliveries", async () => {
  const folder = await aCopyOf(pristine);
  const whole = { readsRecordings: true };
  expect(await foundIn(folder, whole)).toEqual([]);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  expect(await foundIn(folder, whole)).toEqual([]);
  await take(folder, [
    ...BODIES,
    aTranscription({ conversation_id: "conv_carries", full_audio: MP3, metadata: metadataWith(SHORT) }),
  ]);
  expect(await foundIn(folder, whole)).toEqual([]);
});

test("counts signatures, recordings and memories", async () => {
  const found = await Array.fromAsync(verifyArchive({}, verifying(pristine)));
  const sum = (name: "signed" | "unsigned" | "recordings" | "memories") =>
    found.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  expect([sum("signed"), sum("unsigned"), sum("recordings"), sum("memories")]).toEqual([6, 0, 2, 4]);
});

test("an attempt whose call came later has no rows, which is no finding", async () => {
  const folder = await aCopyOf(pristine);
  await take(folder, [aFailure({ conversation_id: "conv_unknown" })]);
  expect(await foundIn(folder)).toEqual([]);
});

/** Damage that processing again repairs, and its findings. */
const REPAIRED: readonly (readonly [what: string, damage: (folder: string) => Promise<unknown>, found: string[]])[] = [
  [
    "other bytes on record of the same upload",
    async (folder) => {
      const version = (await verifying(folder).archive.head(CARRIES))?.version;
      const other = { sha256: "0".repeat(64), version };
      await inIndex("conv_carries", (index) => ({
        ...index,
        objects: { [CARRIES]: { ...Object(index["objects"])[CARRIES], ...other } },
      }))(folder);
    },
    [`unprocessed ${CARRIES}`],
  ],
  ["a missing index", remove("_index/conv_carries"), [`unprocessed ${CARRIES}`]],
  [
    "a garbled index",
    (folder) => changeBytes(join(folder, "archive/_index/conv_failed"), (bytes) => bytes.subarray(9)),
    [`unprocessed ${FAILED}`, "record _index/conv_failed"],
  ],
  [
    "a step that is not done",
    inIndex("conv_carries", (index) => ({
      ...index,
      objects: { [CARRIES]: { ...Object(index["objects"])[CARRIES], done: ["audio", "rows"] } },
    })),
    [`unprocessed ${CARRIES}`],
  ],
  [
    "a lease that a dead process left",
    inIndex("conv_failed", (index) => ({ ...index, lease: { holder: "dead", until: "2026-11-20T11:00:00Z" } })),
    [`lease ${FAILED}`],
  ],
  [
    "a surplus day on record",
    inIndex("conv_carries", ({ hours, ...index }) => ({ ...index, hours: [hours, "2026-11-19/10"].flat() })),
    [`record ${CARRIES}`],
  ],
  [
    "a home that does not exist",
    inIndex("conv_carries", (index) => ({ ...index, home: { ...Object(index["home"]), key: "1/gone.json" } })),
    [`record ${CARRIES}`],
  ],
  ["missing rows", (folder) => rm(live(folder, "turns", "conv_apart")), [`rows ${APART}`]],
  ["a missing row of an attempt", (folder) => rm(live(folder, "conversations", "conv_failed")), [`rows ${FAILED}`]],
  [
    "a missing row of an unrouted delivery",
    (folder) => rm(join(folder, "analytics/live/unrouted"), { recursive: true }),
    [`rows ${OTHER}`],
  ],
  [
    "rows of another call",
    (folder) => copyFile(live(folder, "turns", "conv_apart"), live(folder, "turns", "conv_carries")),
    [`rows ${CARRIES}`],
  ],
  [
    "rows that are not Parquet",
    (folder) => writeFile(live(folder, "conversations", "conv_unknown"), "?"),
    [`rows ${ANONYMOUS}`],
  ],
  [
    "rows that should not exist",
    async (folder) => {
      const path = live(folder, "tool_calls", "conv_unknown");
      await mkdir(dirname(path), { recursive: true });
      await copyFile(live(folder, "turns", "conv_unknown"), path);
    },
    [`rows ${ANONYMOUS}`],
  ],
  ["a missing row of a recording", (folder) => rm(live(folder, "recordings", "conv_carries")), [`rows ${CARRIES}`]],
  ["a missing recording that its call contains", remove(mp3Of(CARRIES)), [`recording ${CARRIES}`]],
  ["a missing recording that was delivered separately", remove(mp3Of(APART)), [`recording ${APART}`]],
  [
    "a recording that was cut",
    (folder) => replace(folder, mp3Of(CARRIES), (bytes) => bytes.subarray(0, 999)),
    [`recording ${CARRIES}`],
  ],
  ["a recording that was replaced", (folder) => replace(folder, mp3Of(APART), atEnd), [`recording ${APART}`]],
  [
    "another recording in place of the one that its call contains",
    (folder) => inMetadata(folder, mp3Of(CARRIES), { sha256: "0".repeat(64) }),
    [`recording ${CARRIES}`],
  ],
  [
    "another recording in place of the delivered one",
    (folder) => inMetadata(folder, mp3Of(APART), { sha256: "0".repeat(64) }),
    [`recording ${AUDIO}`],
  ],
  [
    "a memory that is not on record",
    inIndex("conv_carries", (index) => ({ ...index, memory: undefined })),
    [`memory ${CARRIES}`],
  ],
  [
    "a memory that may or may not have been added",
    inIndex("conv_carries", (index) => ({ ...index, memory: { ...Object(index["memory"]), state: "adding" } })),
    [`memory ${CARRIES}`],
  ],
  [
    "a memory under another user",
    inIndex("conv_carries", (index) => ({ ...index, memory: { state: "added", user_ids: ["+12025550102"] } })),
    [`memory ${CARRIES}`],
  ],
  [
    "a memory without a caller",
    inIndex("conv_unknown", (index) => ({ ...index, memory: { state: "added", user_ids: ["+12025550102"] } })),
    [`memory ${ANONYMOUS}`],
  ],
];

test.each([...REPAIRED])("finds %s, and processing again repairs it", async (_what, damage, found) => {
  const folder = await aCopyOf(pristine);
  await damage(folder);
  const before = await tree(folder);
  expect(await foundIn(folder)).toEqual(found);
  expect(await tree(folder)).toEqual(before);
  expect(await repairFindings(folder)).toEqual([]);
  expect(await foundIn(folder)).toEqual([]);
});

/** Damage that a person must repair, its findings, and the repair. */
const BY_HAND: readonly (readonly [
  what: string,
  damage: (folder: string) => Promise<unknown>,
  found: string[],
  end: ((folder: string) => Promise<unknown>) | undefined,
])[] = [
  [
    "a changed byte of JSON under unchanged metadata",
    (folder) => rot(folder, CARRIES, otherSummary),
    [`damaged ${CARRIES}`],
    (folder) => rot(folder, CARRIES, (bytes) => Buffer.from(bytes.toString().replace("no refund", "a refund"))),
  ],
  [
    "JSON that a person changed while nothing ran",
    (folder) => replace(folder, CARRIES, otherSummary),
    [`replaced ${CARRIES}`],
    (folder) => restored(folder, CARRIES),
  ],
  [
    "JSON that was cut",
    (folder) => replace(folder, CARRIES, (bytes) => bytes.subarray(0, 200)),
    [`damaged ${CARRIES}`],
    (folder) => restored(folder, CARRIES),
  ],
  [
    "JSON that was cut, its index lost",
    async (folder) => {
      await replace(folder, ANONYMOUS, (bytes) => bytes.subarray(0, 200));
      await remove("_index/conv_unknown")(folder);
    },
    [`damaged ${ANONYMOUS}`],
    async (folder) => {
      await restored(folder, ANONYMOUS);
      await copyFile(join(pristine, "archive/_index/conv_unknown"), join(folder, "archive/_index/conv_unknown"));
    },
  ],
  [
    "JSON that is gone without a recorded deletion",
    remove(FAILED),
    ["lost _index/conv_failed"],
    (folder) => restored(folder, FAILED),
  ],
  [
    "JSON in the folder of another caller",
    (folder) => rename(join(folder, "archive", ANONYMOUS), join(folder, "archive/12025550101/conv_unknown.json")),
    ["misfiled 12025550101/conv_unknown.json", "lost _index/conv_unknown"],
    (folder) => rename(join(folder, "archive/12025550101/conv_unknown.json"), join(folder, "archive", ANONYMOUS)),
  ],
  [
    "JSON that does not fit its key",
    (folder) => copyFile(join(folder, "archive", APART), join(folder, "archive/12025550102/conv_none.json")),
    ["misfiled 12025550102/conv_none.json"],
    remove("12025550102/conv_none.json"),
  ],
  [
    "a recording without its call",
    remove(APART),
    [`orphan recording ${mp3Of(APART)}`, "lost _index/conv_apart"],
    (folder) => restored(folder, APART),
  ],
  [
    "a file that nothing processes",
    (folder) => writeFile(join(folder, "archive/12025550102/notes.txt"), "?"),
    ["stray 12025550102/notes.txt"],
    remove("12025550102/notes.txt"),
  ],
  [
    "a recording that is much longer than its call",
    (folder) => inMetadata(folder, mp3Of(CARRIES), { "duration-secs": "51" }),
    [`recording ${CARRIES}`],
    (folder) => copyFile(metadataOf(pristine, mp3Of(CARRIES)), metadataOf(folder, mp3Of(CARRIES))),
  ],
  [
    "a delivered recording that is gone with its delivery",
    async (folder) => {
      await remove(mp3Of(APART))(folder);
      await remove(AUDIO)(folder);
    },
    [`recording ${APART}`],
    undefined,
  ],
  [
    "rows under another day",
    async (folder) => {
      const path = live(folder, "turns", "conv_carries", "2026-11-19");
      await mkdir(dirname(path), { recursive: true });
      await copyFile(live(folder, "turns", "conv_carries"), path);
    },
    ["orphan rows live/turns/dt=2026-11-19/hr=10/conv_carries.parquet"],
    (folder) => rm(live(folder, "turns", "conv_carries", "2026-11-19")),
  ],
  [
    "rows of a call that is gone with its index",
    async (folder) => {
      await remove(ANONYMOUS)(folder);
      await remove("_index/conv_unknown")(folder);
    },
    rowsOf("conv_unknown"),
    async (folder) => {
      for (const path of await liveOf(folder, "conv_unknown")) await rm(join(folder, path));
    },
  ],
  [
    "the same conversation under two callers",
    (folder) => take(folder, [aTranscription({ conversation_id: "conv_unknown", metadata: by("+442079460101") })]),
    [`record ${ANONYMOUS}`],
    remove(ANONYMOUS),
  ],
];

test.each([...BY_HAND])(
  "finds %s, leaves it to a person, and finds nothing after the repair",
  async (...[, damage, found, end]) => {
    const folder = await aCopyOf(pristine);
    await damage(folder);
    const before = await tree(folder);
    expect(await foundIn(folder)).toEqual(found);
    await repairFindings(folder);
    expect(await tree(folder)).toEqual(before);
    await end?.(folder);
    if (end) expect(await foundIn(folder)).toEqual([]);
  },
);

test("finds damaged bytes of a recording, if recordings are read", async () => {
  const folder = await aCopyOf(pristine);
  await rot(folder, mp3Of(APART), atEnd);
  expect(await foundIn(folder)).toEqual([]);
  expect(await foundIn(folder, { readsRecordings: true })).toEqual([`recording ${APART}`]);
});

test("reports a recording in cold storage, and continues", async () => {
  const archive = verifying(pristine).archive;
  const stream = async () => {
    throw Object.assign(new Error("not now"), { name: "InvalidObjectState" });
  };
  const found = await foundIn(pristine, { readsRecordings: true, archive: { ...archive, stream } });
  expect(found).toEqual([`recording not read ${CARRIES}`, `recording not read ${APART}`]);
});

test("without the secret, a signature is a finding, and the bytes are compared with the record", async () => {
  const secrets = async () => ["wsec_other"];
  const found = await Array.fromAsync(verifyArchive({ caller: "12025550101" }, verifying(pristine, { secrets })));
  expect(found).toMatchObject([{ key: CARRIES, findings: [{ kind: "signature", isRepairable: false }] }]);
  expect(found[0]?.findings[0]?.what).toBe(
    "is signed with none of the configured secrets; the bytes are those on record",
  );
  expect(await foundIn(pristine, { secrets: async () => ["wsec_other", SECRET] })).toEqual([]);
});

test("the finding for other rows has the version of their rules", async () => {
  const folder = await aCopyOf(pristine);
  const path = live(folder, "conversations", "conv_unknown");
  const [row] = await rowsIn(conversations, await readFile(path));
  await writeFile(path, parquetFile(conversations, [{ ...row, processor_version: "0" }]));
  const found = await Array.fromAsync(verifyArchive({ conversation: "conv_unknown" }, verifying(folder)));
  expect(found[0]?.findings[0]?.what).toMatch(
    /^has other rows on 2026-11-20: conversations different \(written by version 0 of the rules; this is \d+\)$/,
  );
});

test.each([
  ["no digests, as by an earlier version", () => undefined],
  [
    "digests of other rows",
    (rows: object) => Object.fromEntries(Object.keys(rows).map((name) => [name, "0".repeat(64)])),
  ],
])("with %s in the index, rows are compared byte for byte", async (_, change) => {
  const folder = await aCopyOf(pristine);
  for (const conversation of ["conv_apart", "conv_unknown"])
    await inIndex(conversation, (index) => ({ ...index, rows: change(Object(index["rows"])) }))(folder);
  expect(await foundIn(folder)).toEqual([]);
  await changeBytes(live(folder, "turns", "conv_apart"), (bytes) => bytes.fill(0, 10, 11));
  expect(await foundIn(folder)).toEqual([`rows ${APART}`]);
});

test("reports a recorded deletion, and the rows that are left of it", async () => {
  const folder = await aCopyOf(pristine);
  for (const key of [FAILED, ANONYMOUS]) await remove(key)(folder);
  const deleted = { at: "2026-11-21T09:00:00.000Z", reason: "the caller asked for it" };
  for (const conversation of ["conv_failed", "conv_unknown"])
    await inIndex(conversation, (index) => ({ ...index, deleted }))(folder);
  await rm(live(folder, "conversations", "conv_failed"));
  const found = await Array.fromAsync(verifyArchive({}, verifying(folder)));
  const states = found.filter(({ findings }) => findings.length > 0).map(({ key, state }) => `${state} ${key}`);
  expect(states).toEqual(["notice _index/conv_failed", "does not hold _index/conv_unknown"]);
  expect(await foundIn(folder)).toEqual([
    "deleted _index/conv_failed",
    "deleted _index/conv_unknown",
    ...rowsOf("conv_unknown"),
  ]);
});

test("reports audio whose call did not arrive for a day, but no newer audio", async () => {
  const folder = await aCopyOf(pristine);
  await take(folder, [anAudio({ conversation_id: "conv_early" })]);
  await aged(folder, "_audio/conv_early.json", 0.9);
  expect(await foundIn(folder)).toEqual([]);
  await aged(folder, "_audio/conv_early.json", 1.1);
  expect(await foundIn(folder)).toEqual(["waiting audio _audio/conv_early.json"]);
});

test("does not check memories if callers are not remembered", async () => {
  const folder = await aCopyOf(pristine);
  await inIndex("conv_carries", (index) => ({ ...index, memory: undefined }))(folder);
  expect(await foundIn(folder, { remembers: false })).toEqual([]);
});

test.each([
  ["a held lease", inIndex("conv_apart", (index) => ({ ...index, lease: leaseFor(60) }))],
  ["a lease that expired a moment ago", inIndex("conv_apart", (index) => ({ ...index, lease: leaseFor(-60) }))],
])("an object under %s is in work", async (_what, damage) => {
  const folder = await aCopyOf(pristine);
  await damage(folder);
  await rm(live(folder, "turns", "conv_apart"));
  expect(await foundIn(folder)).toEqual([`in work ${APART}`]);
});

test("a new upload is in work until its grace period ends, and so is a recording that may still arrive", async () => {
  const folder = await aCopyOf(pristine);
  const later = () => new Date(Date.now() + 11 * 60 * 1000);
  await remove("_index/conv_failed")(folder);
  await aged(folder, FAILED, 0);
  await remove(mp3Of(APART))(folder);
  await aged(folder, APART, 0);
  expect(await foundIn(folder)).toEqual([`in work ${APART}`, `in work ${FAILED}`]);
  expect(await foundIn(folder, { now: later })).toEqual([`recording ${APART}`, `unprocessed ${FAILED}`]);
});

test("an object that changes while it is verified is in work, and so is one whose index changes", async () => {
  const folder = await aCopyOf(pristine);
  await rm(live(folder, "turns", "conv_apart"));
  const { archive } = verifying(folder);
  const head: typeof archive.head = async (key) => {
    const found = await archive.head(key);
    return found && key === APART ? { ...found, version: "another" } : found;
  };
  expect(await foundIn(folder, { archive: { ...archive, head } })).toEqual([`in work ${APART}`]);
  const selection = { caller: "12025550102" };
  let reads = 0;
  const get: typeof archive.get = async (key) => {
    const found = await archive.get(key);
    reads += 1;
    return found && key === "_index/conv_apart" ? { ...found, etag: String(reads) } : found;
  };
  expect(await foundIn(folder, { archive: { ...archive, get } }, selection)).toEqual([`in work ${APART}`]);
});

test("verifies only selected objects", async () => {
  const keys = async (selection: object) =>
    (await Array.fromAsync(verifyArchive(selection, verifying(pristine)))).map(({ key }) => key);
  expect(await keys({ caller: "12025550102" })).toEqual([APART]);
  expect(await keys({ conversation: "conv_apart" })).toEqual([APART, AUDIO]);
  expect(await keys({ from: "2026-11-21" })).toEqual([]);
  expect(await keys({ from: DAY, to: DAY, caller: "anonymous" })).toEqual([ANONYMOUS]);
});

/** Damage to a closed day, and its finding. A day with a dirty marker has none. */
const CLOSED: readonly (readonly [what: string, damage: (folder: string) => Promise<unknown>, found: string])[] = [
  [
    "other objects on record",
    inShard((shard) => ({ ...shard, objects: Number(shard["objects"]) + 1 })),
    `closed day dt=${DAY}`,
  ],
  [
    "a missing part",
    (folder) => rm(join(folder, `analytics/days/turns/dt=${DAY}/part-00.parquet`)),
    `closed day dt=${DAY}`,
  ],
  [
    "an object that could not be read",
    inShard((shard) => ({ ...shard, unreadable: [`live/turns/dt=${DAY}/hr=10/conv_apart.parquet`] })),
    `unreadable rows live/turns/dt=${DAY}/hr=10/conv_apart.parquet`,
  ],
];

test.each([...CLOSED])("finds %s in a closed day, unless the day has a dirty marker", async (_what, damage, found) => {
  const folder = await aCopyOf(pristine);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  await damage(folder);
  expect(await foundIn(folder)).toEqual([found]);
  const markers = join(folder, `analytics/compaction/dirty/dt=${DAY}`);
  await mkdir(markers, { recursive: true });
  await writeFile(join(markers, "~day.1"), "");
  expect(await foundIn(folder)).toEqual([]);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  expect(await foundIn(folder)).toEqual([]);
});

function inShard(change: (shard: Record<string, unknown>) => unknown) {
  return (folder: string) =>
    changeJson(join(folder, "analytics/compaction/state.json"), (state) => ({
      ...state,
      days: { ...state.days, [DAY]: state.days[DAY].map(change) },
    }));
}

function rowsOf(conversation: string): string[] {
  return ["conversations", "turns"].map((table) => `orphan rows live/${table}/dt=${DAY}/hr=10/${conversation}.parquet`);
}

function metadataOf(folder: string, key: string): string {
  return join(folder, "metadata/archive", `${key}.json`);
}

function inMetadata(folder: string, key: string, changes: Record<string, string>) {
  return changeJson(metadataOf(folder, key), ([entry]) => [{ ...entry, metadata: { ...entry.metadata, ...changes } }]);
}

function leaseFor(seconds: number) {
  return { holder: "another process", until: new Date(Date.now() + 1000 * seconds).toISOString() };
}
