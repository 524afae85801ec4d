import { at, list, number, text } from "../../handlers/call/json.ts";
import { parsedKey } from "../../handlers/call/keys.ts";
import { KINDS } from "../../handlers/call/kinds/registry.ts";
import type { Archive, StoredObject } from "../../handlers/clients/archive/archive.ts";
import { type Rows, rowsByConversation, wrongMemories, wrongRecording, wrongRows } from "./call-invariants.ts";
import { leakedInto } from "./leaked.ts";
import { leftOver } from "./left-over.ts";
import type { ObservedBucket } from "./observed-bucket.ts";

/** Everything that a run stored and logged, and the expected content. */
export interface WorldState {
  readonly bucket: ObservedBucket;
  readonly analytics: Archive & { readonly objects: ReadonlyMap<string, StoredObject> };
  readonly memories: () => readonly {
    readonly user_id: string | null;
    readonly messages: unknown;
    readonly metadata: unknown;
  }[];
  /** Every delivery with the answer 200, and the key in that answer. */
  readonly answered: readonly { readonly key: string; readonly webhook: { readonly body: Buffer } }[];
  /** The recordings, by conversation. */
  readonly recordings: ReadonlyMap<string, Buffer>;
  /** The folders of the callers, by conversation. */
  readonly callers: ReadonlyMap<string, string>;
  /** Every log entry and measurement, as JSON. */
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
}

/** Something that must never happen: `lost: …`, `doubled: …`, `misfiled: …`, `left over: …`, `leaked: …`. */
export type Violation = `${"lost" | "doubled" | "misfiled" | "left over" | "leaked"}: ${string}`;

/**
 * The violations in the state after a run. An empty list is a correct run.
 *
 * The expected rows and memories are computed here from the delivered bytes, and not by the code under test.
 */
export async function violations(state: WorldState): Promise<Violation[]> {
  const calls = callsIn(state);
  const rows = await rowsByConversation(state);
  return [
    ...undelivered(state),
    ...calls.flatMap((call) => [
      ...wrongRows(call, rows),
      ...wrongRecording(call, state, rows),
      ...wrongMemories(call, state),
    ]),
    ...leftOver(state, calls),
    ...unfinished(state),
    ...wronglyAbsent(state, rows),
    ...leakedInto(state),
  ];
}

/** A call in the bucket, as read from its bytes. */
export interface StoredCall {
  readonly key: string;
  readonly conversation: string;
  readonly caller: string;
  readonly isFailure: boolean;
  readonly object: StoredObject;
  readonly data: unknown;
  /** UTC date of its start. */
  readonly day: string;
}

/** The calls in the bucket. Of a call with a transcription and a failure, the transcription. */
function callsIn({ bucket }: WorldState): StoredCall[] {
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

function undelivered({ answered, bucket }: WorldState): Violation[] {
  return answered.flatMap(({ key, webhook: { body } }): Violation[] => {
    const versions = bucket.versions.get(key) ?? [];
    if (!versions.some((version) => version.equals(body)))
      return [`lost: the bytes of the delivery with the answer ${key}`];
    const isLast = bucket.objects.get(key)?.body.equals(versions.at(-1) ?? Buffer.alloc(0));
    return isLast ? [] : [`lost: the last version of ${key}`];
  });
}

/** Calls that still wait for a recording, or whose index or row has a wrong reason for a missing recording. */
function wronglyAbsent({ bucket }: WorldState, rows: Rows): Violation[] {
  return [...bucket.objects.keys()].flatMap((key): Violation[] => {
    const name = parsedKey(key);
    if (name?.kind !== "transcription") return [];
    const absence = text(at(indexAt(`_index/${name.conversation}`, bucket), "recording", "state"));
    const isRecorded = bucket.objects.has(key.replace(/\.json$/, ".mp3"));
    const row = rows.get(`conversations ${name.conversation}`)?.[0]?.rows[0];
    if (absence === "waiting") return [`left over: ${key} waits for its recording`];
    if (isRecorded && absence !== null) return [`left over: ${absence} in the index of ${key}, which has a recording`];
    const isInRow = (row?.["recording_absence"] ?? null) === absence;
    return isInRow ? [] : [`lost: ${absence}, the reason why ${key} has no recording, in its row`];
  });
}

/** Leases that were not released, and steps that the index does not have as done. */
function unfinished({ bucket }: WorldState): Violation[] {
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
