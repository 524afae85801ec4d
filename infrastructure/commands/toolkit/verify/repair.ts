import { parsedKey } from "../../../../handlers/call/keys.ts";
import { ifUnchanged } from "../../../../handlers/clients/archive/archive.ts";
import { readIndex } from "../../../../handlers/process/conversation-index.ts";
import type { Repair, Verified } from "../../../../handlers/verify/archive-finding.ts";
import { restoreMetadata } from "../../../../handlers/verify/restore-metadata.ts";
import { restoreRecording } from "../../../../handlers/verify/restore-recording.ts";
import { verifyObjects } from "../../../../handlers/verify/verify-archive.ts";
import { verifyDays } from "../../../../handlers/verify/verify-day.ts";
import type { VerifyDeps } from "../../../../handlers/verify/verify-deps.ts";
import { PARTITION } from "../../../../queries/tables/table.ts";
import type { OpenDeployment, ProcessingResult } from "../deployment/deployment.ts";
import { rePutObjects } from "../re-put-objects.ts";
import { withStop } from "../with-stop.ts";

/** The keys to repair, by the kind of repair. */
export type Repairs = Readonly<Record<Repair, readonly string[]>>;

/** The result of repairs. */
export interface Repaired {
  readonly processed: number;
  /** The number of objects whose damaged metadata or recording was restored. */
  readonly put: number;
  /** The number of days that were rebuilt, or got a dirty marker. */
  readonly days: number;
  /** The number of findings that cannot be repaired while another process writes to the folder. */
  readonly left: number;
  /** The processes that do the rest; empty if all was done here. */
  readonly elsewhere: readonly string[];
}

/** Options for processing objects again. */
export interface RepairOptions {
  /** The number of objects that were fetched again and are processed with the others. Default: 0. */
  readonly fetched?: number;
  /** Objects per second; `undefined` for no limit. */
  readonly rate: number | undefined;
  readonly onRePut: () => void;
  /** Ends the processing of further objects. Default: never. */
  readonly stop?: AbortSignal;
}

/** Collects the keys to repair. */
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
 * other records, then objects by processing them again, then closed days from the live objects.
 *
 * May run any number of times. A running archive or a stack does its part later; this function only requests it.
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
    // Skips an object that changes at the same time. The check after the repairs covers it.
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

/** Formats the result of repairs. If all was done here, the results of a second check follow. */
export function repairedText({ processed, put, days, left, elsewhere }: Repaired): string {
  const by = elsewhere.length > 0;
  const done = [
    processed > 0 && `${by ? "Re-put" : "Processed again"}: ${processed}`,
    put > 0 && `Restored from other records: ${put}`,
    days > 0 && `Closed days ${by ? "to be rebuilt" : "rebuilt"}: ${days}`,
    left > 0 && `Not repaired while the archive runs: ${left}. Stop it, and run npm run verify -- --fix again`,
    by && `${elsewhere.join(" and ")} processes them; run verify again when that is done`,
    !by && left === 0 && "Checked again:",
  ];
  return done.filter((each) => each !== false).join(". ");
}

/** Checks all repaired and fetched objects again. */
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
 * Processes each of these objects again by a re-put, and returns the result. An object that is not in its index is only
 * queued if this process does the work: so it keeps its source.
 */
export async function repair(
  keys: readonly string[],
  openDeployment: OpenDeployment,
  { rate, onRePut, stop = new AbortController().signal }: Omit<RepairOptions, "fetched">,
): Promise<ProcessingResult> {
  const known: string[] = [];
  for (const key of keys) {
    if (!openDeployment.isInProcess || (await isOnRecord(key, openDeployment))) known.push(key);
    else {
      openDeployment.process(key);
      onRePut();
    }
  }
  // Needs no bookmark: after a stop, verify starts from the beginning, and repaired objects are no longer findings.
  const bookmark = { save: async () => {} };
  await rePutObjects(objectsAt(known), undefined, { openDeployment, bookmark, redo: undefined, rate, stop, onRePut });
  return (await withStop(openDeployment.waitUntilProcessed(), stop)) ?? { by: "here", deadLettered: 0 };
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
