import { parsedKey } from "../../../handlers/call/keys.ts";
import { ifUnchanged } from "../../../handlers/clients/archive/archive.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import type { Repair, Verified } from "../../../handlers/verify/archive-finding.ts";
import { restoreMetadata } from "../../../handlers/verify/restore-metadata.ts";
import { restoreRecording } from "../../../handlers/verify/restore-recording.ts";
import { verifyObjects } from "../../../handlers/verify/verify-archive.ts";
import { verifyDays } from "../../../handlers/verify/verify-day.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import { PARTITION } from "../../../queries/tables/table.ts";
import type { OpenDeployment, ProcessingResult } from "../toolkit/deployment/deployment.ts";
import { rePutObjects } from "../toolkit/re-put-objects.ts";

/** What is to be repaired, by how. Only keys are held. */
export type Repairs = Readonly<Record<Repair, readonly string[]>>;

/** What came of repairs. */
export interface Repaired {
  readonly processed: number;
  /** Objects that were put again over themselves, since their metadata or the recording beside them was damaged. */
  readonly put: number;
  /** Days that were rebuilt, or marked for it. */
  readonly days: number;
  /** How many findings cannot be repaired while another process writes to the folder. */
  readonly left: number;
  /** Who does what is still to be done; empty if all was done here. */
  readonly elsewhere: readonly string[];
}

/** How objects are processed again. */
export interface RepairOptions {
  /** How many objects were fetched again and are processed with the others; 0 if it is not given. */
  readonly fetched?: number;
  /** Objects a second; `undefined` for as many as go. */
  readonly rate: number | undefined;
  readonly onRePut: () => void;
}

/** Collects what is to be repaired. */
export function newRepairs(): { readonly repairs: Repairs; readonly count: number; add(found: Verified): void } {
  const repairs: Record<Repair, string[]> = { process: [], metadata: [], recording: [], day: [], "all days": [] };
  return {
    repairs,
    get count() {
      return Object.values(repairs).reduce((sum, { length }) => sum + length, 0);
    },
    add({ key, findings }) {
      for (const how of new Set(findings.map(({ repair }) => repair))) if (how) repairs[how].push(key);
    },
  };
}

/**
 * Repairs what was found, in an order in which each repair can rely on the ones before: metadata and recordings from
 * what else is known, then objects by processing them again, then closed days from the live objects.
 *
 * May run any number of times. What is done elsewhere, by a running archive or a stack, is only asked for.
 */
export async function repairAll(
  repairs: Repairs,
  openDeployment: OpenDeployment,
  secrets: VerifyDeps["secrets"],
  options: RepairOptions,
): Promise<Repaired> {
  const { archive, isExclusive } = openDeployment;
  const { fetched = 0 } = options;
  const puts = repairs.metadata.length + repairs.recording.length;
  if (isExclusive) {
    // What is changed at the same time is left, and looked at again.
    for (const key of repairs.metadata) await ifUnchanged(() => restoreMetadata(key, { archive, secrets }));
    for (const key of repairs.recording) await ifUnchanged(() => restoreRecording(key, archive));
  }
  // A damaged index is rebuilt with its conversation.
  const keys = repairs.process.filter((key) => parsedKey(key));
  const by = keys.length + fetched > 0 ? [(await repair(keys, openDeployment, options)).by] : [];
  const days = repairs["all days"].length > 0 ? [undefined] : repairs.day.map(dayIn);
  for (const day of days) by.push(await openDeployment.rebuild(day));
  return {
    processed: keys.length + fetched,
    put: isExclusive ? puts : 0,
    days: days.length,
    left: isExclusive ? 0 : puts,
    elsewhere: [...new Set(by.filter((each) => each !== "here"))],
  };
}

/** What came of repairs, for a person; what is printed next is what they are now, if all was done here. */
export function repairedText({ processed, put, days, left, elsewhere }: Repaired): string {
  const by = elsewhere.length > 0;
  const done = [
    processed > 0 && `${by ? "Uploaded again" : "Processed again"}: ${processed}`,
    put > 0 && `Put again from what else is on record: ${put}`,
    days > 0 && `Closed days ${by ? "to be rebuilt" : "rebuilt"}: ${days}`,
    left > 0 && `Not repaired while the archive runs: ${left}. Stop it, and run this once more`,
    by && `${elsewhere.join(" and ")} processes them; run this once more when that is done`,
    !by && left === 0 && "What they are now:",
  ];
  return done.filter((each) => each !== false).join(". ");
}

/** Looks again at all that was to be repaired, and at what was fetched. */
export async function* verifyRepaired(
  { metadata, recording, process, ...repairs }: Repairs,
  deps: VerifyDeps,
  fetched: readonly string[] = [],
): AsyncGenerator<Verified> {
  yield* verifyObjects(new Set([...metadata, ...recording, ...process, ...fetched]), deps);
  if (repairs["all days"].length > 0) yield* verifyDays(deps);
  else if (repairs.day.length > 0) yield* verifyDays(deps, repairs.day.map(dayIn));
}

/**
 * Has each of these objects processed again, and returns what came of them: each is uploaded again over itself. One that
 * is not on record is only processed, where that is done here: so it keeps how it came.
 */
export async function repair(
  keys: readonly string[],
  openDeployment: OpenDeployment,
  { rate, onRePut }: Omit<RepairOptions, "fetched">,
): Promise<ProcessingResult> {
  const known: string[] = [];
  for (const key of keys) {
    if (!openDeployment.isInProcess || (await isOnRecord(key, openDeployment))) known.push(key);
    else {
      openDeployment.process(key);
      onRePut();
    }
  }
  const stop = new AbortController().signal;
  // Whoever is stopped begins anew: what was repaired is no finding then.
  const bookmark = { save: async () => {} };
  await rePutObjects(objectsAt(known), undefined, { openDeployment, bookmark, redo: undefined, rate, stop, onRePut });
  return openDeployment.waitUntilProcessed();
}

async function isOnRecord(key: string, { archive }: OpenDeployment): Promise<boolean> {
  const conversation = parsedKey(key)?.conversation ?? "";
  return (await readIndex(archive, conversation)).index.objects[key] !== undefined;
}

function dayIn(key: string): string {
  return key.slice(`${PARTITION.name}=`.length);
}

async function* objectsAt(keys: readonly string[]) {
  for (const key of keys) yield { key, size: 0 };
}
