import { sha256Once } from "../call/digest.ts";
import { readEvent } from "../call/event.ts";
import { parsedKey } from "../call/keys.ts";
import { dayOfRows, isKnown, KINDS, rowsOf } from "../call/kinds/registry.ts";
import type { TableRows } from "../call/rows/table-rows.ts";
import type { ConversationIndex } from "./conversation-index.ts";
import { type RowsTarget, replaceRows } from "./live-rows.ts";
import { provenanceOf } from "./object-provenance.ts";
import type { Result, Stores, Task } from "./task.ts";

/** Writes the rows of the call at `key` again. Writes none if this upload is not on record yet, or if it is gone. */
export async function rowsOfCallAt(key: string, index: ConversationIndex, stores: Stores): Promise<Result> {
  const name = parsedKey(key);
  const record = index.objects[key];
  const object = await stores.archive.get(key);
  if (!name || !object || record?.sha256 !== sha256Once(object.body)) return {};
  const event = readEvent(object.body);
  if (!isKnown(event) || KINDS[event.kind].role !== "call") return {};
  const task = { name, object, event, record, remaining: [] };
  const rows = rowsOf(name.kind, event, provenanceOf(task, index), index.recording?.state);
  return writeRows(rows, index, rowsTo(task, stores));
}

/** Writes rows under their day, and deletes those under other days, from before the start was corrected. */
export async function writeRows(rows: TableRows, { days }: ConversationIndex, to: RowsTarget): Promise<Result> {
  const others = days.filter((each) => each !== to.day);
  const { count, digests } = await replaceRows(rows, others, to);
  return { change: { days: [to.day], rows: digests }, written: { rows: count } };
}

/** The target of the rows of an object: the day of its kind. */
export function rowsTo({ event, name, record }: Task, { analytics, now }: Stores): RowsTarget {
  const day = dayOfRows(name.kind, event, new Date(record.received_at));
  return { analytics, now, conversation: name.conversation, day };
}
