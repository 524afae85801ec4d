import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../handlers/call/digest.ts";
import { folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { isNotice, type Verified } from "../../handlers/verify/archive-finding.ts";
import { verifyArchive } from "../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../handlers/verify/verify-deps.ts";
import type { Deployment } from "../../infrastructure/commands/toolkit/deployment/deployment.ts";
import { folderDeployment } from "../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { withFolderFiles } from "../../infrastructure/commands/toolkit/verify/folder-files.client.ts";
import { newRepairs, repairAll, verifyRepaired } from "../../infrastructure/commands/toolkit/verify/repair.ts";
import { verifyDepsOf } from "../../infrastructure/commands/toolkit/verify/verify-deps-of.ts";
import { FolderInUse, lockFolder } from "../../infrastructure/local/folder-lock.client.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { pathsIn, tree } from "../support/fixtures/local.ts";
import { changeInPlace, removeFile, type Undo } from "./damaged-file.ts";
import { FILE_KINDS, type FileKind, kindOf, namesOf, ORIGINALS, objectOf } from "./file-kinds.ts";
import { FLIP_CALLS, FLIP_SEED, FLIPS, IS_LONG } from "./flip-runs.ts";
import { aWholeFolder, later, processEverything, writeHolderNote } from "./whole-folder.ts";

let folder: string;
/** The paths of all files, by kind. */
let files: ReadonlyMap<FileKind, readonly string[]>;
/** The files with the hashes of their bytes, before any damage. */
let undamaged: readonly string[];

beforeAll(async () => {
  folder = await aWholeFolder(FLIP_CALLS, FLIP_SEED);
  await writeHolderNote(folder);
  const paths = (await tree(folder)).map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(paths.filter((path) => kindOf(path) === undefined)).toEqual([]);
  files = new Map(FILE_KINDS.map((kind) => [kind, paths.filter((path) => kindOf(path) === kind)]));
  undamaged = await bytesOf(folder);
  expect(await findings()).toEqual([]);
});

/** The result of damage. `by hand`: a finding names the file, and only a backup has what was lost. */
type Outcome = "repaired" | "by hand" | "notice" | "harmless";

/** The results, by kind of file: one for each flipped bit. */
const outcomes = new Map<FileKind, Outcome[]>();
const startedAt = performance.now();

afterAll(() => {
  if (!IS_LONG) return;
  const count = (found: readonly Outcome[], outcome: Outcome) => found.filter((each) => each === outcome).length;
  const lines = [...outcomes].map(
    ([kind, found]) =>
      `${kind}: ${found.length} flips, ${found.length - count(found, "harmless")} named, ${count(found, "repaired")} repaired, ` +
      `${count(found, "by hand")} by hand, ${count(found, "notice")} notices, ${count(found, "harmless")} harmless`,
  );
  console.info([...lines, `${Math.round((performance.now() - startedAt) / 1000)} s`].join("\n"));
});

/**
 * The kinds whose damage may stay without a finding. `lock.sqlite` is emptied before it is locked. A folder with a
 * wrong stamp is treated as a copy: its objects are compared by their bytes, and the next start writes the stamp again.
 * A flip in any other kind must have a finding.
 */
const HARMLESS: readonly FileKind[] = ["lock", "stamp"];

test("each flipped bit in any kind of file has a finding or is harmless, and is repaired where that is possible", async () => {
  const random = seededRandom(FLIP_SEED, 1);
  for (let n = 0; n < FLIPS; n += 1) {
    const kind = FILE_KINDS[n] ?? random.pick(FILE_KINDS);
    const path = random.pick(files.get(kind) ?? []);
    await writeHolderNote(folder);
    // `lock.sqlite` is empty, so it gets a byte.
    const bit = random.integer(0, 8 * Math.max(1, statSync(join(folder, path)).size) - 1);
    const what = `bit ${bit} of ${path} (flip ${n}, seed ${FLIP_SEED})`;
    const outcome = await damaged(kind, path, what, (file) =>
      changeInPlace(file, (before) => {
        const bytes = before.length === 0 ? Buffer.alloc(1) : before;
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return bytes;
      }),
    );
    outcomes.set(kind, [...(outcomes.get(kind) ?? []), outcome]);
  }
});

/**
 * The kinds that may be absent without a finding: a bookmark, a dead letter and the note of a lock are deleted in
 * normal operation, and delivered audio is deleted on AWS.
 */
const MAY_BE_ABSENT: readonly FileKind[] = [
  "bookmark",
  "dead letter",
  "note of the lock",
  "lock",
  "stamp",
  "delivered audio",
];

test.each([...FILE_KINDS])(
  "a truncated, empty or missing file has a finding, and is repaired where that is possible: %s",
  async (kind) => {
    const [path = ""] = files.get(kind) ?? [];
    // A line of memories that no longer names its call would stay: that is not what is tested here.
    const most = (bytes: Buffer) => bytes.subarray(0, 0.7 * bytes.length);
    await damaged(kind, path, `a part of ${path}`, (file) => changeInPlace(file, most));
    if (IS_LONG) await damaged(kind, path, `nothing in ${path}`, (file) => changeInPlace(file, () => Buffer.alloc(0)));
    const isFound = !MAY_BE_ABSENT.includes(kind);
    const gone = await damaged(kind, path, `no ${path}`, removeFile, isFound);
    expect(gone === "harmless").toBe(!isFound);
  },
);

test("after all damage and repairs, the archive has no findings", async () => {
  expect(await findings()).toEqual([]);
});

/**
 * Damages a file, verifies the archive, and repairs what can be repaired. Expects that a finding names the file, that
 * no finding is left afterwards, and that no other file changed.
 */
async function damaged(
  kind: FileKind,
  path: string,
  what: string,
  damage: (file: string) => Promise<Undo>,
  isFound = true,
): Promise<Outcome> {
  await writeHolderNote(folder);
  const names = namesOf(folder, path);
  const isSidecar = path.startsWith("metadata/archive/");
  const metadata = isSidecar ? (await folderArchive(folder, "archive").head(objectOf(path)))?.metadata : undefined;
  const undo = await damage(join(folder, path));
  const found = await verified();
  const all = found.flatMap(({ findings: ofObject }) => ofObject);
  const naming = all.filter(({ key, what: about }) => names.some((name) => key.includes(name) || about.includes(name)));
  if (naming.length === 0 && (!isFound || HARMLESS.includes(kind))) {
    expect(all, what).toEqual([]);
    if (kind === "lock") await expectExclusiveLock();
    await undo();
    return "harmless";
  }
  expect(naming, `${what} is named in ${JSON.stringify(all)}`).not.toEqual([]);
  const isOriginal = ORIGINALS.includes(kind);
  if (!isOriginal && naming.some(({ isRepairable }) => isRepairable)) {
    const left = await repair(found);
    expect(
      changed(undamaged, await bytesOf(folder)).filter((line) => !mayChange(kind, path, line)),
      what,
    ).toEqual([]);
    expect(left, `${what}, repaired`).toEqual([]);
    await restoreSignature(path, metadata);
    undamaged = await bytesOf(folder);
    return "repaired";
  }
  await undo();
  return naming.every(isNotice) ? "notice" : "by hand";
}

/** Expects that the folder can be locked once, and not a second time. */
async function expectExclusiveLock(): Promise<void> {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  await release();
}

function changed(before: readonly string[], after: readonly string[]): string[] {
  return [...before.filter((line) => !after.includes(line)), ...after.filter((line) => !before.includes(line))];
}

/**
 * The rows that may change, too, by the kind of the damaged file. The time when a recording was first stored is in its
 * sidecar only. The time when a repeated call first came is in its index only. If such a file is lost, the row has the
 * later time.
 */
const MAY_CHANGE: readonly (readonly [kind: FileKind, table: string])[] = [
  ["recording", "recordings"],
  ["sidecar of a recording", "recordings"],
  ["index", "conversations"],
];

function mayChange(kind: FileKind, path: string, line: string): boolean {
  const [conversation = ""] = /conv_[a-z0-9]+/.exec(path) ?? [];
  return MAY_CHANGE.some(([of, table]) => {
    const isItsRow = line.startsWith(`analytics/live/${table}/`) && line.includes(conversation);
    return of === kind && (isItsRow || line.startsWith(`analytics/days/${table}/`));
  });
}

/** Restores a lost signature, which no index has. The next damage needs the archive in its first state. */
async function restoreSignature(path: string, metadata: Readonly<Record<string, string>> | undefined): Promise<void> {
  if (!metadata?.["elevenlabs-signature"]) return;
  const archive = folderArchive(folder, "archive");
  const object = await archive.get(objectOf(path));
  if (object) await archive.put(object.key, object.body, { metadata });
}

/** The dependencies of `verifyArchive`, as the command makes them. */
async function verifyDeps(deployment: Deployment): Promise<VerifyDeps> {
  return { ...(await verifyDepsOf(deployment, true)), now: later };
}

/** The findings of `npm run verify -- --recordings`. */
async function verified(): Promise<Verified[]> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder });
  const found = verifyArchive({}, await verifyDeps(folderDeployment(settings)));
  return Array.fromAsync(withFolderFiles(found, settings));
}

async function findings(): Promise<string[]> {
  return (await verified()).flatMap(texts);
}

function texts(found: Verified): string[] {
  return found.findings.map(({ kind, key, what }) => `${kind} ${key}: ${what}`);
}

/**
 * Repairs as `npm run verify -- --fix` does, and then processes as a running archive does. Returns the findings that
 * are left in the repaired objects, without those of lost signatures.
 */
async function repair(found: readonly Verified[]): Promise<string[]> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder });
  const repairs = newRepairs();
  for (const each of found) repairs.add(each);
  const openDeployment = await folderDeployment(settings).open("npm run verify", () => {});
  const from = await verifyDeps(openDeployment);
  try {
    await repairAll(repairs.repairs, openDeployment, from.secrets, { rate: undefined, onRePut: () => {} });
  } finally {
    await openDeployment.close();
  }
  await processEverything(folder);
  const left = await Array.fromAsync(verifyRepaired(repairs.repairs, from));
  return left.flatMap(texts).filter((line) => !line.startsWith("signature lost"));
}

/** The files that a repair must not change: deliveries, recordings, rows and memories. */
const MUST_STAY = /^(archive\/(?!_index)|analytics\/(live|days)|memories)/;

/** The hashes of files, by path, time of change and size, so that an unchanged file is read once. */
const hashes = new Map<string, string>();

/** The files that must not change, each with the hash of its bytes. */
async function bytesOf(of: string): Promise<string[]> {
  const paths = await pathsIn(of);
  const files = paths.filter((path) => MUST_STAY.test(path) && statSync(join(of, path)).isFile());
  const lines = files.map((path) => {
    const { ctimeMs, size } = statSync(join(of, path));
    const name = `${path} ${ctimeMs} ${size}`;
    const hash = hashes.get(name) ?? sha256(readFileSync(join(of, path)));
    hashes.set(name, hash);
    return `${path} ${hash}`;
  });
  return lines.sort();
}
