import { parsedKey } from "../../../../handlers/call/keys.ts";
import { ifUnchanged } from "../../../../handlers/clients/archive/archive.ts";
import { readIndex } from "../../../../handlers/process/conversation-index.ts";
import type { Repair, Verified } from "../../../../handlers/verify/archive-finding.ts";
import { restoreMetadata } from "../../../../handlers/verify/restore-metadata.ts";
import { restoreRecording } from "../../../../handlers/verify/restore-recording.ts";
import { verifyObjects } from "../../../../handlers/verify/verify-archive.ts";
import { verifyDays } from "../../../../handlers/verify/verify-day.ts";
import type { VerifyDeps } from "../../../../handlers/verify/verify-deps.ts";
import { HOUR, PARTITION } from "../../../../queries/tables/table.ts";
import { dateOfHour } from "../../../../queries/tables/utc-date.ts";
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
  /** The number of hours that were packed again, or got a dirty marker. */
  readonly hours: number;
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
  const repairs: Record<Repair, string[]> = {
    process: [],
    metadata: [],
    recording: [],
    hour: [],
    day: [],
    "all days": [],
  };
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
 * other records, then objects by processing them again, then closed days and packed hours from the live objects.
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
  const days = repairs["all days"].length > 0 ? [undefined] : repairs.day.map(hourIn);
  for (const each of [...days, ...repairs.hour.map(hourIn)]) by.push(await openDeployment.rebuild(each));
  return {
    processed: keys.length + fetched,
    put: isExclusive ? puts : 0,
    days: days.length,
    hours: repairs.hour.length,
    left: isExclusive ? 0 : puts,
    elsewhere: [...new Set(by.filter((each) => each !== "here"))],
  };
}

/** Checks all repaired and fetched objects again. */
export async function* verifyRepaired(
  { metadata, recording, process, ...repairs }: Repairs,
  deps: VerifyDeps,
  fetched: readonly string[] = [],
): AsyncGenerator<Verified> {
  yield* verifyObjects(new Set([...metadata, ...recording, ...process, ...fetched]), deps);
  const days = [...repairs.day, ...repairs.hour].map((key) => dateOfHour(hourIn(key)));
  if (repairs["all days"].length > 0) yield* verifyDays(deps);
  else if (days.length > 0) yield* verifyDays(deps, days);
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

/** The day, or the hour `YYYY-MM-DD/HH`, of a finding. */
function hourIn(key: string): string {
  return key.slice(`${PARTITION.name}=`.length).replace(`${HOUR.name}=`, "");
}

async function* objectsAt(keys: readonly string[]) {
  for (const key of keys) yield { key, size: 0 };
}
