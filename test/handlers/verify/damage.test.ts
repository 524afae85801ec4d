import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import type { Verified } from "../../../handlers/verify/archive-finding.ts";
import { restoreMetadata } from "../../../handlers/verify/restore-metadata.ts";
import { verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import { folderDeployment } from "../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { newRepairs, repairAll } from "../../../infrastructure/commands/toolkit/verify/repair.ts";
import { compactFolder } from "../../../infrastructure/local/compact-folder.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { outputs, SECRET, tree } from "../../support/fixtures/local.ts";
import { aCopyOf, anArchiveOf, changeBytes, changeJson, foundIn, rot, verifying } from "./archive-to-verify.ts";

const ONE = "12025550101/conv_1.json";
const by = (external_number: string) => metadataWith({ phone_call: { direction: "inbound", external_number } });

const MP3 = silentMp3({ seconds: 38, title: "test" }).toString("base64");

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf([
    aTranscription({ conversation_id: "conv_1" }),
    aTranscription({ conversation_id: "conv_2", metadata: by("+12025550102") }),
    aTranscription({ conversation_id: "conv_3", metadata: by("+12025550103"), full_audio: MP3 }),
  ]);
});

/** Flips one bit of a file, in the last occurrence of `text`. */
async function flip(path: string, text: string, bit: number): Promise<void> {
  const bytes = await readFile(path);
  const place = bytes.lastIndexOf(text);
  expect(place).toBeGreaterThanOrEqual(0);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  await writeFile(path, bytes);
}

test.each([
  ["a name that is read", "done", 0],
  ["a bracket", '["audio', 0],
  ["a value in quotes", "webhook", 1],
  ["the checksum itself", "checksum", 0],
])("one flipped bit in an index, in %s, is reported and stops nothing", async (_what, text, bit) => {
  const folder = await aCopyOf(pristine);
  await flip(join(folder, "archive/_index/conv_1"), text, bit);
  expect(await foundIn(folder)).toEqual([`unprocessed ${ONE}`, "record _index/conv_1"]);
});

/** The findings, as `kind key what`. */
async function described(folder: string, changes: Partial<VerifyDeps> = {}): Promise<string[]> {
  const found = await Array.fromAsync(verifyArchive({}, verifying(folder, changes)));
  return found.flatMap(({ findings }) => findings.map(({ kind, key, what }) => `${kind} ${key} ${what}`));
}

/** Repairs as `npm run verify -- --fix` does. */
async function fix(folder: string): Promise<void> {
  const repairs = newRepairs();
  const settings = settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const from = { ...verifying(folder), memories: folderDeployment(settings).memories, readsRecordings: true };
  for await (const each of verifyArchive({}, from)) repairs.add(each);
  const openDeployment = await folderDeployment(settings).open("npm run verify", () => {});
  await repairAll(repairs.repairs, openDeployment, from.secrets, { rate: undefined, onRePut: () => {} });
  await openDeployment.close();
}

test("a call whose index was damaged keeps its source and time when it is repaired", async () => {
  const folder = await aCopyOf(pristine);
  const before = await outputs(folder);
  await flip(join(folder, "archive/_index/conv_1"), "done", 0);
  await fix(folder);
  expect(await foundIn(folder)).toEqual([]);
  expect(await outputs(folder)).toEqual(before);
});

test("a damaged index whose call is gone is left to a person, and its call is not fetched again", async () => {
  const folder = await aCopyOf(pristine);
  await flip(join(folder, "archive/_index/conv_1"), "done", 0);
  await rm(join(folder, "archive", ONE));
  await fix(folder);
  expect(await foundIn(folder)).toContain("record _index/conv_1");
});

const sidecar = (folder: string, key: string) => join(folder, "metadata/archive", `${key}.json`);

test("damaged metadata is restored from the index, with the signature if that is intact", async () => {
  const folder = await aCopyOf(pristine);
  const before = await outputs(folder);
  const { source: _, ...metadata } = (await verifying(folder).archive.head(ONE))?.metadata ?? {};
  await flip(sidecar(folder, ONE), "received-at", 0);
  expect(await described(folder)).toContainEqual(
    expect.stringMatching(`^metadata ${ONE} has damaged metadata: [^.]*$`),
  );
  await fix(folder);
  expect(await foundIn(folder)).toEqual([]);
  expect((await verifying(folder).archive.head(ONE))?.metadata).toMatchObject(metadata);
  expect(await outputs(folder)).toEqual(before);
});

test("a lost signature is reported before and after the repair", async () => {
  const folder = await aCopyOf(pristine);
  await flip(sidecar(folder, ONE), "v0=", 0);
  expect(await described(folder)).toContainEqual(expect.stringMatching(`^metadata ${ONE} .* The signature is lost`));
  await fix(folder);
  expect(await foundIn(folder)).toEqual([`signature lost ${ONE}`]);
  await rm(sidecar(folder, ONE));
  expect(await foundIn(folder)).toContain(`signature lost ${ONE}`);
});

test("metadata is not restored for bytes that are not on record", async () => {
  const folder = await aCopyOf(pristine);
  await flip(sidecar(folder, ONE), "received-at", 0);
  await flip(join(folder, "archive", ONE), "refund", 0);
  const before = await tree(join(folder, "metadata"));
  await restoreMetadata(ONE, { archive: folderArchive(folder, "archive"), secrets: async () => [SECRET] });
  expect(await tree(join(folder, "metadata"))).toEqual(before);
});

test("a damaged recording is restored from its delivery, with its metadata", async () => {
  const folder = await aCopyOf(pristine);
  const mp3 = "12025550103/conv_3.mp3";
  const before = await outputs(folder);
  const { metadata } = (await verifying(folder).archive.head(mp3)) ?? {};
  await rot(folder, mp3, (bytes) => bytes.fill(7, bytes.length - 3));
  expect(await foundIn(folder, { readsRecordings: true })).toEqual(["recording 12025550103/conv_3.json"]);
  await fix(folder);
  expect(await foundIn(folder, { readsRecordings: true })).toEqual([]);
  expect(await outputs(folder)).toEqual(before);
  expect((await verifying(folder).archive.head(mp3))?.metadata).toEqual(metadata);
});

test("counts the recordings that were not read", async () => {
  const sum = (found: readonly Verified[]) => found.reduce((all, { counts }) => all + (counts.unread ?? 0), 0);
  const unread = await Array.fromAsync(verifyArchive({}, verifying(pristine)));
  const read = await Array.fromAsync(verifyArchive({}, verifying(pristine, { readsRecordings: true })));
  expect([sum(unread), sum(read)]).toEqual([1, 0]);
});

test.each([
  ["a name in a line", "agent_1", 0],
  ["the conversation it names", "conv_1", 0],
  ["the user it names", "+12025550101", 0],
  ["its end", "}\n", 1],
])("one flipped bit in a memory, in %s, is found and repaired", async (_what, text, bit) => {
  const folder = await aCopyOf(pristine);
  const file = join(folder, "memories/+12025550101.jsonl");
  const before = await readFile(file, "utf8");
  const { memories } = folderDeployment(settingsFrom({ ARCHIVE_DIR: folder }));
  expect(await foundIn(folder, { memories })).toEqual([]);
  await flip(file, text, bit);
  expect(await foundIn(folder, { memories })).toEqual([`memory ${ONE}`]);
  await fix(folder);
  expect(await readFile(file, "utf8")).toBe(before);
});

test("an object that cannot be read is a finding, and the rest is verified", async () => {
  const { archive } = verifying(pristine);
  const get: typeof archive.get = (key) =>
    key === ONE ? Promise.reject(new Error("EIO: read error")) : archive.get(key);
  expect(await described(pristine, { archive: { ...archive, get } })).toEqual([
    `not verified ${ONE} could not be verified: EIO: read error`,
  ]);
});

test("an error that every object has ends the run", async () => {
  const { archive } = verifying(pristine);
  const get = () => Promise.reject(new Error("Access Denied"));
  await expect(described(pristine, { archive: { ...archive, get } })).rejects.toThrow("Access Denied");
});

test("a flipped bit in a part of a closed day is found by its recorded hash, and the day is rebuilt", async () => {
  const folder = await aCopyOf(pristine);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  const part = "days/turns/dt=2026-11-20/part-00.parquet";
  const before = await readFile(join(folder, "analytics", part));
  const { mtimeNs } = await stat(join(folder, "analytics", part), { bigint: true });
  await changeBytes(join(folder, "analytics", part), (bytes) => bytes.fill(7, 60, 61));
  await keepTime(join(folder, `metadata/analytics/${part}.json`), join(folder, "analytics", part), mtimeNs);
  expect(await described(folder)).toEqual([expect.stringContaining(`closed day dt=2026-11-20`)]);
  expect((await described(folder))[0]).toContain(`${part} has other bytes than were written`);
  await fix(folder);
  expect(await foundIn(folder)).toEqual([]);
  expect(await readFile(join(folder, "analytics", part))).toEqual(before);
});

/** Updates the sidecar of a changed file, so that the file counts as the stored one. */
async function keepTime(sidecarPath: string, path: string, before: bigint): Promise<void> {
  const { mtimeNs } = await stat(path, { bigint: true });
  const text = await readFile(sidecarPath, "utf8");
  const entries: { mtime: string; checksum?: string }[] = JSON.parse(text);
  const changed = entries.map(({ checksum: _, ...entry }) =>
    entry.mtime === String(before) ? { ...entry, mtime: String(mtimeNs) } : entry,
  );
  await writeFile(sidecarPath, JSON.stringify(changed));
}

test.each([
  ["damaged", (bytes: Buffer) => bytes.subarray(9)],
  ["missing", undefined],
])("a state that is %s is found, and rebuilt with the same content", async (state, damage) => {
  const folder = await aCopyOf(pristine);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  const path = join(folder, "analytics/compaction/state.json");
  if (damage) await changeBytes(path, damage);
  else await rm(path);
  expect(await described(folder)).toEqual([expect.stringContaining(`closed day compaction/state.json is ${state}`)]);
  await fix(folder);
  expect(await foundIn(folder)).toEqual([]);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ days: { "2026-11-20": [{ conversations: 3 }] } });
});

test("files of an archive that earlier versions wrote, without checksums, hold", async () => {
  const folder = await aCopyOf(pristine);
  await compactFolder(folder, { now: () => new Date("2026-11-25T12:00:00Z") });
  const old = ["archive/_index/conv_1", "analytics/compaction/state.json", `metadata/archive/${ONE}.json`];
  for (const path of old) await changeJson(join(folder, path), (value) => value);
  await changeJson(join(folder, "analytics/compaction/state.json"), (state) => {
    for (const shard of state.days["2026-11-20"]) delete shard.sha256;
    return state;
  });
  expect(await foundIn(folder)).toEqual([]);
});
