import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { readSidecar } from "../../../handlers/clients/archive/sidecar.client.ts";
import { type VerifySelection, verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import { stampFolder } from "../../../infrastructure/local/folder-stamp.client.ts";
import { startArchive } from "../../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { withChecksum } from "../../../queries/tables/checksum.ts";
import { copyWithTimes } from "../../support/fixtures/copies.ts";
import { folderOfFile } from "../../support/fixtures/folder-of-file.ts";
import { pathsIn, post, SECRET } from "../../support/fixtures/local.ts";

/** The clock of the archive that received and processed the objects. */
const RECEIVED_AT = new Date("2026-11-20T10:05:00Z");

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Returns a folder in which an archive received `bodies` a day ago. Tests damage copies of it. Made once for a test
 * file.
 */
export async function anArchiveOf(bodies: readonly (Buffer | string)[], now = RECEIVED_AT): Promise<string> {
  const folder = await folderOfFile("call-archive-verify-");
  await take(folder, bodies, now);
  return folder;
}

/** Delivers `bodies` to the archive in `folder`, waits until they are processed, and makes their files older. */
export async function take(folder: string, bodies: readonly (Buffer | string)[], now = RECEIVED_AT): Promise<void> {
  const env = { ARCHIVE_DIR: folder, PORT: "0", ELEVENLABS_WEBHOOK_SECRET: SECRET };
  const settings = settingsFrom({ ...env, SIGNATURE_TOLERANCE_SECONDS: "300000000" });
  const archive = await startArchive(
    settings,
    () => {},
    () => now,
  );
  for (const body of bodies) await post(archive.url, body);
  // The watch would find unrouted deliveries only after a while.
  for await (const { key } of archive.archive.list("")) await archive.queueIfUnprocessed(key);
  await archive.queue.idle();
  await archive.close();
  for await (const { key } of folderArchive(folder, "archive").list("")) await aged(folder, key);
}

/** A copy of the archive in `folder`, times included, with the stamp of an original. Deleted after the test. */
export async function aCopyOf(folder: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "call-archive-verify-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const copy = join(parent, "copy");
  await copyWithTimes(folder, copy);
  await stampFolder(copy);
  return copy;
}

/** Makes the file of an object `days` older, and its sidecar fit, so that it counts as the stored object. */
export async function aged(folder: string, key: string, days = 1): Promise<void> {
  const path = join(folder, "archive", key);
  const then = new Date(Date.now() - days * DAY_MS);
  await utimes(path, then, then);
  const { mtimeNs, size } = await stat(path, { bigint: true });
  const sidecar = join(folder, "metadata/archive", `${key}.json`);
  const [entry] = (await readSidecar(sidecar)).entries;
  if (!entry) return;
  const older = withChecksum({ ...entry, mtime: String(mtimeNs), size: Number(size) });
  await writeFile(sidecar, JSON.stringify([older]));
}

/** Replaces bytes as a failing disk does: the file still counts as the stored object. */
export async function rot(folder: string, key: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await changeBytes(join(folder, "archive", key), change);
  await aged(folder, key);
}

/** Replaces bytes as a person does, a day ago. */
export async function replace(folder: string, key: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const path = join(folder, "archive", key);
  await changeBytes(path, change);
  const then = new Date(Date.now() - DAY_MS + 1_234);
  await utimes(path, then, then);
}

export async function changeBytes(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(path, change(await readFile(path)));
}

/** Replaces the JSON of a file, if there is one, as an earlier version wrote it: without checksums. */
// biome-ignore lint/suspicious/noExplicitAny: what a test changes in place.
export async function changeJson(path: string, change: (value: any) => unknown): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined)
    await writeFile(
      path,
      JSON.stringify(change(JSON.parse(text)), (name, value) => (name === "checksum" ? undefined : value)),
    );
}

/**
 * The dependencies for verifying the archive in `folder`. The clock is the real one, later than the archive's by a day
 * or more.
 */
export function verifying(folder: string, changes: Partial<VerifyDeps> = {}): VerifyDeps {
  return {
    archive: folderArchive(folder, "archive"),
    analytics: folderArchive(folder, "analytics"),
    secrets: async () => [SECRET],
    remembers: true,
    fetches: false,
    readsRecordings: false,
    now: () => new Date(),
    ...changes,
  };
}

/** The findings in the archive in `folder`, as `kind key`, and what is in work. */
export async function foundIn(
  folder: string,
  changes: Partial<VerifyDeps> = {},
  selection: VerifySelection = {},
): Promise<string[]> {
  const all = await Array.fromAsync(verifyArchive(selection, verifying(folder, changes)));
  return all.flatMap(({ key, state, findings }) =>
    state === "in work" ? [`in work ${key}`] : findings.map((finding) => `${finding.kind} ${finding.key}`),
  );
}

/** The paths of the live objects of a conversation, below the folder. */
export async function liveOf(folder: string, conversation: string): Promise<string[]> {
  const files = await pathsIn(join(folder, "analytics/live"));
  return files.filter((file) => file.endsWith(`/${conversation}.parquet`)).map((file) => `analytics/live/${file}`);
}
