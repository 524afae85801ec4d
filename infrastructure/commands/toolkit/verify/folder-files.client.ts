import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../../../handlers/clients/archive/atomic-file.client.ts";
import { foreignLines } from "../../../../handlers/clients/memory/memory-folder.client.ts";
import {
  type ArchiveProblem,
  byHand,
  findingsAt,
  type Verified,
  verified,
} from "../../../../handlers/verify/archive-finding.ts";
import { folderDeadLetters } from "../../../local/dead-letters.client.ts";
import { isHolderFile } from "../../../local/lock-holder.client.ts";
import type { Settings } from "../../../local/settings.ts";
import { damagedBookmarks } from "../bookmark.client.ts";

/** The numbers of valid and invalid signatures in the archive. */
interface Signatures {
  readonly valid: number;
  readonly refused: number;
}

/**
 * Passes on the results for all objects of an archive's folder. Then adds findings on its other files: the webhook
 * secret, the lock, dead letters, bookmarks and memories. `readsBlock` as for `folderArchive`.
 */
export async function* withFolderFiles(
  ofObjects: AsyncIterable<Verified>,
  settings: Settings,
  { readsBlock = false } = {},
): AsyncGenerator<Verified> {
  let [valid, refused] = [0, 0];
  for await (const each of ofObjects) {
    valid += each.counts.signed ?? 0;
    refused += each.findings.filter(({ kind }) => kind === "signature").length;
    yield each;
  }
  yield* verifyFolderFiles(settings, { valid, refused }, readsBlock);
}

async function* verifyFolderFiles(
  settings: Settings,
  signatures: Signatures,
  readsBlock: boolean,
): AsyncGenerator<Verified> {
  const { folder } = settings;
  if (settings.webhookSecrets.length === 0) yield* found("webhook-secret", await secretProblem(folder, signatures));
  yield* found("lock", await holderFileProblem(folder));
  for (const { key, reason } of await folderDeadLetters(folder).list()) {
    if (reason === null) yield* found(`dead-letters/${key}`, LETTER);
  }
  for (const path of await damagedBookmarks(folder)) yield* found(path, BOOKMARK);
  for (const name of (await readdir(join(folder, "memories")).catch(absent)) ?? []) {
    const lines = await foreignLines(folder, name, { readsBlock });
    if (lines > 0) yield* found(`memories/${name}`, foreignProblem(lines));
  }
}

const LETTER = byHand(
  "damaged note",
  "is damaged: the reason and the time of its dead letter cannot be read",
  "npm run redrive, which still lists its object",
);

const BOOKMARK = byHand(
  "damaged note",
  "is damaged: the progress of a reprocessing or a backfill cannot be read",
  "run the same command again: it starts from the beginning, which does no harm",
);

function* found(path: string, problem: ArchiveProblem | undefined): Generator<Verified> {
  if (problem) yield verified(path, findingsAt(path, [problem]), {});
}

async function secretProblem(folder: string, { valid, refused }: Signatures): Promise<ArchiveProblem | undefined> {
  const secret = await readFile(join(folder, "webhook-secret"), "latin1").catch(absent);
  const isDamaged = secret !== undefined && !/^[\x21-\x7e]+\n?$/.test(secret);
  const isWrong = refused > 0 && valid === 0;
  if (!isDamaged && !isWrong) return undefined;
  const state = secret === undefined ? "is missing" : isDamaged ? "is damaged" : "is damaged, or is another secret";
  const what = isWrong ? `${state}: no delivery in the archive is signed with it, and new ones are refused` : state;
  const remedy = "restore it, or set ELEVENLABS_WEBHOOK_SECRET to the secret of the webhook";
  return byHand("signature", what, remedy);
}

async function holderFileProblem(folder: string): Promise<ArchiveProblem | undefined> {
  const lock = await readFile(join(folder, "lock")).catch(absent);
  if (lock === undefined || isHolderFile(lock)) return undefined;
  const what = "is damaged: the process that uses the folder cannot be read. The lock is still effective";
  return byHand("damaged note", what, "nothing: the next process that locks the folder writes it again");
}

function foreignProblem(lines: number): ArchiveProblem {
  const what = `has ${lines} ${lines === 1 ? "line that is" : "lines that are"} not a memory of a call`;
  return byHand("damaged note", what, "nothing: they are kept unchanged, below the memories");
}
