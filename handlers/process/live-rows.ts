import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { dataPoints } from "../../queries/tables/data-points.ts";
import { evaluations } from "../../queries/tables/evaluations.ts";
import { llmUsage } from "../../queries/tables/llm-usage.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { recordings } from "../../queries/tables/recordings.ts";
import { setApart } from "../../queries/tables/set-apart.ts";
import { type AnyRow, liveKey, type Table } from "../../queries/tables/table.ts";
import { toolCalls } from "../../queries/tables/tool-calls.ts";
import { turns } from "../../queries/tables/turns.ts";
import { unknownFields } from "../../queries/tables/unknown-fields.ts";
import { agentId, type KnownEvent, type OtherEvent } from "../call/event.ts";
import { mp3Key } from "../call/keys.ts";
import type { Archive } from "../clients/archive.ts";
import { markDirty } from "../compact/dirty-marks.ts";
import { dataPointRows, evaluationRows } from "./rows/analysis-rows.ts";
import { conversationRow, failureRow } from "./rows/conversation-row.ts";
import { llmUsageRows } from "./rows/llm-usage-rows.ts";
import type { Provenance } from "./rows/provenance.ts";
import { recordingRow } from "./rows/recording-row.ts";
import { setApartRow } from "./rows/set-apart-row.ts";
import { toolCallRows } from "./rows/tool-call-rows.ts";
import { turnRows } from "./rows/turn-rows.ts";
import { unknownFieldRows } from "./rows/unknown-field-rows.ts";

/** Where the rows of one conversation go. */
export interface RowsTo {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** The conversation as keys write it. */
  readonly conversation: string;
  /** UTC date of the call's start. */
  readonly day: string;
  readonly now: () => Date;
}

/** Writes the rows of a call: every table but the recordings, which follow the MP3. Answers how many. */
export async function writeCallRows(event: KnownEvent, from: Provenance, to: RowsTo): Promise<number> {
  let count = await writeRows(conversations, [conversationRow(event, from)], to);
  count += await writeRows(turns, turnRows(event, from.caller), to);
  count += await writeRows(toolCalls, toolCallRows(event), to);
  count += await writeRows(evaluations, evaluationRows(event), to);
  count += await writeRows(dataPoints, dataPointRows(event), to);
  count += await writeRows(llmUsage, llmUsageRows(event), to);
  return count + (await writeRows(unknownFields, unknownFieldRows(event, from.key), to));
}

/** Writes the one row of an attempt that failed. */
export async function writeFailureRow(event: KnownEvent, from: Provenance, to: RowsTo): Promise<number> {
  return writeRows(conversations, [failureRow(event, from)], to);
}

/** Writes the one row of an object that was set apart. */
export async function writeSetApartRow(event: KnownEvent | OtherEvent, from: Provenance, to: RowsTo): Promise<number> {
  return writeRows(setApart, [setApartRow(event, from)], to);
}

/** Writes the row of the MP3 beside the transcription at `key`, or removes it if there is no MP3. */
export async function writeRecordingRow(event: KnownEvent, key: string, archive: Pick<Archive, "head">, to: RowsTo) {
  const mp3 = await archive.head(mp3Key(key));
  const rows = mp3 ? [recordingRow(mp3, event.conversationId, agentId(event.body))] : [];
  return replaceRows(() => writeRows(recordings, rows, to), [], to);
}

/**
 * Writes rows, removes all that the conversation has under other days, and marks each of these days that may be
 * closed. Answers what `write` does.
 */
export async function replaceRows(write: () => Promise<number>, otherDays: readonly string[], to: RowsTo) {
  const { analytics, conversation, day, now } = to;
  const count = await write();
  for (const other of otherDays) {
    for (const { name } of TABLES) await analytics.delete(liveKey(name, other, conversation));
  }
  await markDirty(analytics, [day, ...otherDays], conversation, now());
  return count;
}

/** One object for a table and a conversation, replaced as a whole; none where there are no rows. */
async function writeRows(table: Table, rows: readonly AnyRow[], to: RowsTo): Promise<number> {
  const key = liveKey(table.name, to.day, to.conversation);
  if (rows.length === 0) await to.analytics.delete(key);
  else await to.analytics.put(key, parquetFile(table, rows));
  return rows.length;
}
