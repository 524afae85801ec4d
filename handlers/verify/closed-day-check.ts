import { TABLES } from "../../queries/tables/all.ts";
import { dayFolder, PARTITION } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive.ts";
import { marksOf } from "../compact/dirty-marks.ts";
import { type LiveObject, totalsOf } from "../compact/live-objects.ts";
import { type CompactionState, readState, type ShardRecord } from "../compact/state.ts";
import { byHand, type Finding, findingsAt } from "./finding.ts";

/**
 * What is wrong with a day that is on record as closed: its parts are made of other live objects than are there, or of
 * some that nobody could read, or are not all there themselves. An open day, and one that is marked to be made anew,
 * has nothing to be compared.
 */
export async function checkedClosedDay(
  day: string,
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get" | "list">,
): Promise<Finding[]> {
  const { state, etag } = await readState(analytics);
  const shards = settledShards(day, state);
  if (!shards) return [];
  const findings = [...(await differences(day, shards, objects, analytics)), ...unreadable(shards)];
  if (findings.length === 0) return [];
  // What is compacted meanwhile is found the next time, if it is wrong then.
  const isSettled = (await readState(analytics)).etag === etag && (await marksOf(analytics, day)).length === 0;
  return isSettled ? findings : [];
}

/** The shards of a closed day that is read from its parts; `undefined` if it is no such day, or not done. */
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
  analytics: Pick<Archive, "list">,
): Promise<Finding[]> {
  const there = { ...totalsOf(objects), ...(await partTotals(day, analytics)) };
  const found = [
    differenceIn("conversations", sum(shards, "conversations"), there.conversations),
    differenceIn("live objects", sum(shards, "objects"), there.objects),
    differenceIn("bytes of live objects", sum(shards, "live_bytes"), there.bytes),
    differenceIn("parts", sum(shards, "parts"), there.parts),
    differenceIn("bytes of parts", sum(shards, "bytes"), there.partBytes),
  ].filter((each) => each !== undefined);
  if (found.length === 0) return [];
  const what = `is a closed day that was made of something else than is there: ${found.join(", ")}`;
  const remedy = "have it made anew (npm run compact -- --day, or a mark: Closed days in docs/operating.md)";
  return findingsAt(`${PARTITION.name}=${day}`, [byHand("closed day", what, remedy)]);
}

function differenceIn(what: string, onRecord: number, there: number): string | undefined {
  return onRecord === there ? undefined : `${onRecord} ${what} on record, ${there} there`;
}

function sum(shards: readonly ShardRecord[], figure: "conversations" | "objects" | "live_bytes" | "parts" | "bytes") {
  return shards.reduce((total, shard) => total + shard[figure], 0);
}

async function partTotals(day: string, analytics: Pick<Archive, "list">) {
  const folders = TABLES.map(({ name }) => Array.fromAsync(analytics.list(dayFolder(name, "days", day))));
  const parts = (await Promise.all(folders)).flat();
  return { parts: parts.length, partBytes: parts.reduce((total, { size }) => total + size, 0) };
}

function unreadable(shards: readonly ShardRecord[]): Finding[] {
  const what = "could not be read when its day was closed: its rows are missing there";
  const remedy = "process its call again (its own finding, if it has one, or npm run reprocess), then npm run compact";
  const problem = byHand("unreadable rows", what, remedy);
  return shards.flatMap(({ unreadable }) => unreadable.flatMap((key) => findingsAt(key, [problem])));
}
