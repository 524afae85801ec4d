import { at, list, number, text } from "../../handlers/call/json.ts";
import { parsedKey } from "../../handlers/call/keys.ts";
import { KINDS } from "../../handlers/call/kinds/registry.ts";
import type { Archive, StoredObject } from "../../handlers/clients/archive/archive.ts";
import { type Rows, rowsByConversation, wrongMemories, wrongRecording, wrongRows } from "./call-invariants.ts";
import { leakedInto } from "./leaked.ts";
import { leftOver } from "./left-over.ts";
import type { ObservedBucket } from "./observed-bucket.ts";

/** Everything that a run leaves, and what is known of it from outside. */
export interface Kept {
  readonly bucket: ObservedBucket;
  readonly analytics: Archive & { readonly objects: ReadonlyMap<string, StoredObject> };
  readonly memories: () => readonly {
    readonly user_id: string | null;
    readonly messages: unknown;
    readonly metadata: unknown;
  }[];
  /** Every delivery that was answered 200, and where the answer says that it is. */
  readonly answered: readonly { readonly key: string; readonly webhook: { readonly body: Buffer } }[];
  /** By conversation, the recording that was made of it. */
  readonly recordings: ReadonlyMap<string, Buffer>;
  /** By conversation, the folder of the person that was on the line. */
  readonly callers: ReadonlyMap<string, string>;
  /** Everything that was logged or measured. */
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
}

/** Something that must never be: `lost: …`, `doubled: …`, `misfiled: …`, `left over: …`, `leaked: …`. */
export type Violation = `${"lost" | "doubled" | "misfiled" | "left over" | "leaked"}: ${string}`;

/**
 * All that is wrong with what a run left; nothing, if all is well.
 *
 * What should be there is read out of the bytes that were received, not asked of the program that is on trial.
 */
export async function violations(kept: Kept): Promise<Violation[]> {
  const calls = callsIn(kept);
  const rows = await rowsByConversation(kept);
  return [
    ...undelivered(kept),
    ...calls.flatMap((call) => [
      ...wrongRows(call, rows),
      ...wrongRecording(call, kept, rows),
      ...wrongMemories(call, kept),
    ]),
    ...leftOver(kept, calls),
    ...unfinished(kept),
    ...wronglyAbsent(kept, rows),
    ...leakedInto(kept),
  ];
}

/** A call in the bucket, as its own bytes say it is. */
export interface KeptCall {
  readonly key: string;
  readonly conversation: string;
  readonly caller: string;
  readonly isFailure: boolean;
  readonly object: StoredObject;
  readonly data: unknown;
  /** UTC date of its start. */
  readonly day: string;
}

/** The calls in the bucket; of one that has both, the transcription and not the failure. */
function callsIn({ bucket }: Kept): KeptCall[] {
  return [...bucket.objects].flatMap(([key, object]) => {
    const name = parsedKey(key);
    if (!name || (name.kind !== "transcription" && name.kind !== "failure")) return [];
    const { caller, conversation } = name;
    const isFailure = name.kind === "failure";
    if (isFailure && bucket.objects.has(key.replace(".failure", ""))) return [];
    const event: unknown = JSON.parse(object.body.toString());
    const data = at(event, "data");
    const start = number(at(data, "metadata", "start_time_unix_secs")) ?? number(at(event, "event_timestamp")) ?? 0;
    const day = new Date(1000 * start).toISOString().slice(0, 10);
    return [{ key, conversation, caller: caller ?? "", isFailure, object, data, day }];
  });
}

function undelivered({ answered, bucket }: Kept): Violation[] {
  return answered.flatMap(({ key, webhook: { body } }): Violation[] => {
    const versions = bucket.versions.get(key) ?? [];
    if (!versions.some((version) => version.equals(body))) return [`lost: the bytes that were answered with ${key}`];
    const isLast = bucket.objects.get(key)?.body.equals(versions.at(-1) ?? Buffer.alloc(0));
    return isLast ? [] : [`lost: the last version of ${key}`];
  });
}

/** Calls that wait for a recording for ever, or whose index or row gives another reason than the truth for having none. */
function wronglyAbsent({ bucket }: Kept, rows: Rows): Violation[] {
  return [...bucket.objects.keys()].flatMap((key): Violation[] => {
    const name = parsedKey(key);
    if (name?.kind !== "transcription") return [];
    const state = text(at(indexAt(`_index/${name.conversation}`, bucket), "recording", "state"));
    const isRecorded = bucket.objects.has(key.replace(/\.json$/, ".mp3"));
    const row = rows.get(`conversations ${name.conversation}`)?.[0]?.rows[0];
    if (state === "waiting") return [`left over: ${key} waits for its recording`];
    if (isRecorded && state !== null) return [`left over: ${state} in the index of ${key}, which has a recording`];
    const isLeaked = (row?.["recording_absence"] ?? null) === state;
    return isLeaked ? [] : [`lost: ${state}, why ${key} has no recording, in its row`];
  });
}

/** Leases that nobody gave back, and steps that are not on record as done. */
function unfinished({ bucket }: Kept): Violation[] {
  const leases = [...bucket.objects.keys()]
    .filter((key) => key.startsWith("_index/") && at(indexAt(key, bucket), "lease") !== undefined)
    .map((key): Violation => `left over: the lease in ${key}`);
  const steps = [...bucket.objects.keys()].flatMap((key): Violation[] => {
    const name = parsedKey(key);
    if (!name) return [];
    const done = list(at(indexAt(`_index/${name.conversation}`, bucket), "objects", key, "done"));
    const { steps: all } = KINDS[name.kind];
    return all.filter((step) => !done.includes(step)).map((step): Violation => `lost: ${step} of ${key}`);
  });
  return [...leases, ...steps];
}

function indexAt(key: string, { objects }: ObservedBucket): unknown {
  return JSON.parse(objects.get(key)?.body.toString() ?? "{}");
}
