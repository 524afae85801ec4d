import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import {
  dayFolder,
  hourFolder,
  hourInLiveKey,
  nameInLiveKey,
  SIDES,
  type Side,
  type Table,
} from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";

/** One conversation's rows of one table. */
export interface LiveObject {
  readonly table: Table;
  readonly key: string;
  readonly conversation: string;
  /** The hour of its key, `YYYY-MM-DD/HH`; a day if it has none. */
  readonly hour: string;
  readonly size: number;
}

/** Every live object of an hour, or of a day with its hours, by table and then by conversation, in order. */
export async function liveObjectsOf(analytics: Pick<Archive, "list">, hour: string): Promise<LiveObject[]> {
  const listed = await Promise.all(
    TABLES.map(async (table) => {
      const objects = await Array.fromAsync(analytics.list(hourFolder(table.name, hour)));
      const inTable = objects.map(({ key, size }) => {
        return { table, key, size, conversation: nameInLiveKey(key), hour: hourInLiveKey(key) };
      });
      return inTable.sort((one, other) => (one.conversation < other.conversation ? -1 : 1));
    }),
  );
  return listed.flat();
}

/** The numbers of conversations, objects and bytes in `objects`. */
export function totalsOf(objects: readonly LiveObject[]) {
  return {
    conversations: objects.filter(({ table }) => table.name === conversations.name).length,
    objects: objects.length,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
  };
}

/** The keys of a day's parts. */
export async function partsOf(analytics: Pick<Archive, "list">, day: string): Promise<string[]> {
  const listed = TABLES.map(({ name }) => Array.fromAsync(analytics.list(dayFolder(name, "days", day))));
  return (await Promise.all(listed)).flat().map(({ key }) => key);
}

/** The days from `first` to `last` that have live objects, packs or parts, in order. */
export async function daysWithObjects(
  analytics: Pick<Archive, "folders">,
  first: string,
  last: string,
): Promise<string[]> {
  const folders = SIDES.flatMap((side) => TABLES.map(({ name }) => daysIn(analytics, name, side)));
  const days = new Set((await Promise.all(folders)).flat());
  return [...days].filter((day) => day >= first && day <= last).sort();
}

async function daysIn(analytics: Pick<Archive, "folders">, table: string, side: Side): Promise<string[]> {
  const start = dayFolder(table, side, "").slice(0, -1);
  return foldersIn(analytics, start);
}

/** The folders that begin with `start`, each without it, in order. */
export async function foldersIn(analytics: Pick<Archive, "folders">, start: string): Promise<string[]> {
  return (await Array.fromAsync(analytics.folders(start))).map((folder) => folder.slice(start.length, -1));
}
