import { TABLES } from "../../queries/tables/all.ts";
import { dayFolder, PARTITION, partKey } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { streamedSha256 } from "../clients/archive/streamed-sha256.ts";
import { dirtyMarkersOf } from "../compact/dirty-markers.ts";
import { type LiveObject, totalsOf } from "../compact/live-objects.ts";
import { type CompactionState, readState, type ShardRecord } from "../compact/state.ts";
import { type ArchiveFinding, byHand, findingsAt, repairableBy } from "./archive-finding.ts";

type Parts = ReadonlyMap<string, number>;

/**
 * Returns what is wrong with a closed day: its parts were made from other live objects than the stored ones, or from
 * some that could not be read, or they are not the parts that were written. Reads each part as a stream. An open day,
 * and a day with dirty markers, has no findings.
 */
export async function checkClosedDay(
  day: string,
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get" | "head" | "list" | "stream">,
): Promise<ArchiveFinding[]> {
  const { state, etag } = await readState(analytics);
  const shards = settledShards(day, state);
  if (!shards) return [];
  const findings = [...(await differences(day, shards, objects, analytics)), ...unreadable(shards, "day was closed")];
  if (findings.length === 0) return [];
  // If the day was compacted meanwhile, the next verification checks it.
  const isSettled = (await readState(analytics)).etag === etag && (await dirtyMarkersOf(analytics, day)).length === 0;
  return isSettled ? findings : [];
}

/** The shards of a closed day that is read from its parts; `undefined` for any other day, or if a shard is missing. */
function settledShards(day: string, { days, changed, first_live_day }: CompactionState): ShardRecord[] | undefined {
  const record = days[day] ?? [];
  const shards = record.filter((shard) => shard !== null);
  const isSettled = day < first_live_day && changed[day] === undefined && shards.length === record.length;
  return isSettled ? shards : undefined;
}

async function differences(
  day: string,
  shards: readonly ShardRecord[],
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "head" | "list" | "stream">,
): Promise<ArchiveFinding[]> {
  const parts = await storedParts(day, analytics);
  const found = [...liveDifferences(shards, objects), ...(await partDifferences(day, shards, parts, analytics))].filter(
    (each) => each !== undefined,
  );
  const what = `is a closed day whose record differs from what is stored: ${found.join(", ")}`;
  const remedy = "rebuild it (--fix, or npm run compact -- --day: Closed days in docs/operating.md)";
  const problems = found.length === 0 ? [] : [repairableBy("day", "closed day", what, remedy)];
  return findingsAt(`${PARTITION.name}=${day}`, [...problems, ...foreign(parts)]);
}

/** The differences between the live objects from which shards were made, and the stored ones. */
export function liveDifferences(shards: readonly ShardRecord[], objects: readonly LiveObject[]): string[] {
  const stored = totalsOf(objects);
  return [
    differenceIn("conversations", sum(shards, "conversations"), stored.conversations),
    differenceIn("live objects", sum(shards, "objects"), stored.objects),
    differenceIn("bytes of live objects", sum(shards, "live_bytes"), stored.bytes),
  ].filter((each) => each !== undefined);
}

function differenceIn(what: string, onRecord: number, stored: number): string | undefined {
  return onRecord === stored ? undefined : `${onRecord} ${what} on record, ${stored} stored`;
}

function sum(shards: readonly ShardRecord[], metric: "conversations" | "objects" | "live_bytes" | "parts" | "bytes") {
  return shards.reduce((total, shard) => total + shard[metric], 0);
}

/**
 * The differences of the parts. A day that an earlier version closed has no recorded hashes: only the number of its
 * parts and their bytes are compared.
 */
async function partDifferences(
  day: string,
  shards: readonly ShardRecord[],
  parts: Parts,
  analytics: Pick<Archive, "head" | "stream">,
): Promise<(string | undefined)[]> {
  const ofDay = [...parts].filter(([key]) => isPart(key));
  const hashes = shards.flatMap(({ sha256 = {} }, shard) =>
    Object.entries(sha256).map(([table, hash]) => [partKey(table, day, shard), hash] as const),
  );
  if (shards.some(({ sha256 }) => sha256 === undefined)) {
    const bytes = ofDay.reduce((total, [, size]) => total + size, 0);
    return [
      differenceIn("parts", sum(shards, "parts"), ofDay.length),
      differenceIn("bytes of parts", sum(shards, "bytes"), bytes),
    ];
  }
  const onRecord = new Map(hashes);
  const found = ofDay.filter(([key]) => !onRecord.has(key)).map(([key]) => `${key} is not on record`);
  for (const [key, hash] of hashes) {
    const difference = await differenceOf(key, hash, analytics);
    if (difference) found.push(`${key} ${difference}`);
  }
  return found;
}

async function differenceOf(key: string, hash: string, analytics: Pick<Archive, "head" | "stream">) {
  const difference = await differenceOfBytes(key, hash, analytics);
  if (difference !== undefined) return difference;
  const head = await analytics.head(key);
  const isRecorded = head?.metadata["sha256"] === hash && head.damagedMetadata === undefined;
  return isRecorded ? undefined : "has lost its metadata, or some is damaged";
}

/** How the bytes at a key differ from those with this SHA-256; `undefined` if they do not. */
export async function differenceOfBytes(key: string, hash: string, analytics: Pick<Archive, "stream">) {
  const stored = await streamedSha256(analytics, key);
  if (stored === undefined) return "is missing";
  return stored === hash ? undefined : "has other bytes than were written";
}

function foreign(parts: Parts) {
  const names = [...parts.keys()].filter((key) => !isPart(key));
  const what = `has foreign files among its parts, which may be read as rows: ${names.join(", ")}`;
  return names.length === 0 ? [] : [byHand("closed day", what, "move them out of the folder of the day")];
}

/** Whether a key is that of a part, which the compactor replaces. */
function isPart(key: string): boolean {
  return /\/part-\d{2,}\.parquet$/.test(key);
}

async function storedParts(day: string, analytics: Pick<Archive, "list">): Promise<Parts> {
  const folders = TABLES.map(({ name }) => Array.fromAsync(analytics.list(dayFolder(name, "days", day))));
  return new Map((await Promise.all(folders)).flat().map(({ key, size }) => [key, size]));
}

/** The live objects that could not be read when their day was closed, or their hour packed: `when`. */
export function unreadable(shards: readonly ShardRecord[], when: string): ArchiveFinding[] {
  const what = `could not be read when its ${when}: its rows are missing there`;
  const remedy = "process its call again (by its own finding, or npm run reprocess), then run npm run compact";
  const problem = byHand("unreadable rows", what, remedy);
  return shards.flatMap(({ unreadable }) => unreadable.flatMap((key) => findingsAt(key, [problem])));
}
