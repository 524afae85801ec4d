import { sha256Once } from "../call/digest.ts";
import { readEvent } from "../call/event.ts";
import { parsedKey } from "../call/keys.ts";
import { hourOfRows, isKnown, KINDS, rowsOf } from "../call/kinds/registry.ts";
import type { TableRows } from "../call/rows/table-rows.ts";
import { type ConversationIndex, hourOnRecord } from "./conversation-index.ts";
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
  return writeRows(rows, index, rowsTo(task, index, stores));
}

/** Writes rows under their hour, and deletes those under others, from before the start was corrected. */
export async function writeRows(rows: TableRows, { hours }: ConversationIndex, to: RowsTarget): Promise<Result> {
  const others = hours.filter((each) => each !== to.hour);
  const { count, digests } = await replaceRows(rows, others, to);
  return { change: { hours: [to.hour], rows: digests }, written: { rows: count } };
}

/**
 * The target of the rows of an object: the hour of its kind. If its rows are in no hour, a step that writes only some of
 * them leaves all where they are.
 */
export function rowsTo(
  { event, name, record, remaining }: Task,
  index: ConversationIndex,
  { analytics, now }: Stores,
): RowsTarget {
  const ofKind = hourOfRows(name.kind, event, new Date(record.received_at));
  const hour = remaining.includes("rows") ? ofKind : hourOnRecord(index, ofKind);
  return { analytics, now, conversation: name.conversation, hour };
}
