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
import { withFolderFiles } from "../../infrastructure/commands/verify/folder-files.client.ts";
import { newRepairs, repairAll, verifyRepaired } from "../../infrastructure/commands/verify/repair.ts";
import { verifyDepsOf } from "../../infrastructure/commands/verify/verify-deps-of.ts";
import { FolderInUse, lockFolder } from "../../infrastructure/local/folder-lock.client.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import { pathsIn, tree } from "../support/fixtures/local.ts";
import { changeInPlace, removeFile, type Undo } from "./damaged-file.ts";
import { FILE_KINDS, type FileKind, kindOf, namesOf, ORIGINALS, objectOf } from "./file-kinds.ts";
import { FLIP_CALLS, FLIP_SEED, FLIPS, IS_LONG } from "./flip-runs.ts";
import { aWholeFolder, later, processEverything, writeHolderNote } from "./whole-folder.ts";

let folder: string;
/** Every file, by kind. */
let files: ReadonlyMap<FileKind, readonly string[]>;
/** The files, with the hashes of their bytes, as they are when all is whole. */
let whole: readonly string[];

beforeAll(async () => {
  folder = await aWholeFolder(FLIP_CALLS, FLIP_SEED);
  await writeHolderNote(folder);
  const paths = (await tree(folder)).map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(paths.filter((path) => kindOf(path) === undefined)).toEqual([]);
  files = new Map(FILE_KINDS.map((kind) => [kind, paths.filter((path) => kindOf(path) === kind)]));
  whole = await bytesOf(folder);
  expect(await findings()).toEqual([]);
});

/** What came of damage. `by hand`: it is named, and only a backup has what was lost. */
type Outcome = "repaired" | "by hand" | "notice" | "harmless";

/** Of each kind of file: how often it was damaged, and what came of it. */
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
 * Where damage changes nothing, and why. The file that is locked is emptied before it is locked. A folder with another stamp
 * than its own is taken for a copy: its objects are compared by their bytes, and it is stamped again at the next start.
 * Each other flip must be named.
 */
const HARMLESS: readonly FileKind[] = ["lock", "stamp"];

test("each of many flipped bits, in every kind of file, is named or harmless, and what can be repaired is", async () => {
  const random = seededRandom(FLIP_SEED, 1);
  for (let n = 0; n < FLIPS; n += 1) {
    const kind = FILE_KINDS[n] ?? random.pick(FILE_KINDS);
    const path = random.pick(files.get(kind) ?? []);
    await writeHolderNote(folder);
    // The file that is locked is empty: it gets a byte.
    const bit = random.integer(0, 8 * Math.max(1, statSync(join(folder, path)).size) - 1);
    const what = `bit ${bit} of ${path} (flip ${n}, seed ${FLIP_SEED})`;
    const outcome = await damaged(kind, path, what, (file) =>
      changeInPlace(file, (whole) => {
        const bytes = whole.length === 0 ? Buffer.alloc(1) : whole;
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return bytes;
      }),
    );
    outcomes.set(kind, [...(outcomes.get(kind) ?? []), outcome]);
  }
});

/** What may be taken away: that is how a bookmark, a dead letter and the note of a lock end, and delivered audio on AWS. */
const MAY_GO: readonly FileKind[] = ["bookmark", "dead letter", "note of the lock", "lock", "stamp", "delivered audio"];

test.each([...FILE_KINDS])(
  "a file that is cut short, empty or gone is named, and repaired where it can be: %s",
  async (kind) => {
    const [path = ""] = files.get(kind) ?? [];
    // A line of memories that no longer names its call would stay: that is not what is tested here.
    const most = (bytes: Buffer) => bytes.subarray(0, 0.7 * bytes.length);
    await damaged(kind, path, `a part of ${path}`, (file) => changeInPlace(file, most));
    if (IS_LONG) await damaged(kind, path, `nothing in ${path}`, (file) => changeInPlace(file, () => Buffer.alloc(0)));
    const isFound = !MAY_GO.includes(kind);
    const gone = await damaged(kind, path, `no ${path}`, removeFile, isFound);
    expect(gone === "harmless").toBe(!isFound);
  },
);

test("after all of that, everything holds", async () => {
  expect(await findings()).toEqual([]);
});

/**
 * Damages a file, verifies the archive, repairs what can be repaired, and expects that the file was named, that all
 * holds afterwards, and that nothing else changed.
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
    if (kind === "lock") await holdsOne();
    await undo();
    return "harmless";
  }
  expect(naming, `${what} is named in ${JSON.stringify(all)}`).not.toEqual([]);
  const isOriginal = ORIGINALS.includes(kind);
  if (!isOriginal && naming.some(({ isRepairable }) => isRepairable)) {
    const left = await repaired(found);
    expect(
      changed(whole, await bytesOf(folder)).filter((line) => !mayChange(kind, path, line)),
      what,
    ).toEqual([]);
    expect(left, `${what}, repaired`).toEqual([]);
    await restored(path, metadata);
    whole = await bytesOf(folder);
    return "repaired";
  }
  await undo();
  return naming.every(isNotice) ? "notice" : "by hand";
}

/** Expects that one can lock the folder, and no second one. */
async function holdsOne(): Promise<void> {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  await release();
}

function changed(before: readonly string[], after: readonly string[]): string[] {
  return [...before.filter((line) => !after.includes(line)), ...after.filter((line) => !before.includes(line))];
}

/**
 * What else may change: one column of one row. When a recording was first stored is noted in its sidecar only, and when
 * a call first came that came twice, in its index only. Once that is lost, the row says when it was stored or came again.
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

/** A signature that was lost is in no index: what follows needs the archive as it was. */
async function restored(path: string, metadata: Readonly<Record<string, string>> | undefined): Promise<void> {
  if (!metadata?.["elevenlabs-signature"]) return;
  const archive = folderArchive(folder, "archive");
  const object = await archive.get(objectOf(path));
  if (object) await archive.put(object.key, object.body, { metadata });
}

/** What verifying needs, as the command has it. */
async function verifying(deployment: Deployment): Promise<VerifyDeps> {
  return { ...(await verifyDepsOf(deployment, true)), now: later };
}

/** What `npm run verify -- --recordings` finds. */
async function verified(): Promise<Verified[]> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder });
  const found = verifyArchive({}, await verifying(folderDeployment(settings)));
  return Array.fromAsync(withFolderFiles(found, settings));
}

async function findings(): Promise<string[]> {
  return (await verified()).flatMap(texts);
}

function texts(found: Verified): string[] {
  return found.findings.map(({ kind, key, what }) => `${kind} ${key}: ${what}`);
}

/**
 * Does what `npm run verify -- --fix` does, and then an archive that runs. Returns what is still found in what was
 * repaired, but for signatures that are lost.
 */
async function repaired(found: readonly Verified[]): Promise<string[]> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder });
  const repairs = newRepairs();
  for (const each of found) repairs.add(each);
  const openDeployment = await folderDeployment(settings).open("npm run verify", () => {});
  const from = await verifying(openDeployment);
  try {
    await repairAll(repairs.repairs, openDeployment, from.secrets, { rate: undefined, onRePut: () => {} });
  } finally {
    await openDeployment.close();
  }
  await processEverything(folder);
  const left = await Array.fromAsync(verifyRepaired(repairs.repairs, from));
  return left.flatMap(texts).filter((line) => !line.startsWith("signature lost"));
}

/** What must be the same after a repair: all that was received, recordings, rows and memories. */
const MUST_STAY = /^(archive\/(?!_index)|analytics\/(live|days)|memories)/;

/** The hashes of files, by path and by what changes with every write. */
const hashes = new Map<string, string>();

/** Those files, each with the hash of its bytes. */
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
