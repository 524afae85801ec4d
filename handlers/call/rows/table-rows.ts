import { conversations } from "../../../queries/tables/conversations.ts";
import { dataPoints } from "../../../queries/tables/data-points.ts";
import { evaluations } from "../../../queries/tables/evaluations.ts";
import { llmUsage } from "../../../queries/tables/llm-usage.ts";
import { recordings } from "../../../queries/tables/recordings.ts";
import type { AnyRow, Table } from "../../../queries/tables/table.ts";
import { toolCalls } from "../../../queries/tables/tool-calls.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { unknownFields } from "../../../queries/tables/unknown-fields.ts";
import { variables } from "../../../queries/tables/variables.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { FAILURE_FIELDS } from "../fields/failure-fields.ts";
import { TRANSCRIPTION_FIELDS } from "../fields/transcription-fields.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import { dataPointRows, evaluationRows } from "./analysis-rows.ts";
import { conversationRow } from "./conversation-row.ts";
import { failureRow } from "./failure-row.ts";
import { llmUsageRows } from "./llm-usage-rows.ts";
import type { Provenance } from "./provenance.ts";
import { recordingRow, type StoredMp3 } from "./recording-row.ts";
import { toolCallRows } from "./tool-call-rows.ts";
import { turnRows } from "./turn-rows.ts";
import { rowsOfFields, unknownFieldRows } from "./unknown-field-rows.ts";
import { variableRows } from "./variable-rows.ts";

/** The rows of some tables. A table with an empty list must have no rows of the conversation. */
export type TableRows = readonly (readonly [table: Table, rows: readonly AnyRow[]])[];

/** The rows of a call in all tables except `recordings`, whose row comes from the MP3. `absence` is why it has none. */
export function callRows(event: KnownEvent, from: Provenance, absence?: RecordingAbsence): TableRows {
  return [
    ...ownRow(event, from, absence),
    [turns, turnRows(event, from.caller)],
    [toolCalls, toolCallRows(event)],
    [evaluations, evaluationRows(event)],
    [dataPoints, dataPointRows(event)],
    [variables, variableRows(event)],
    [llmUsage, llmUsageRows(event)],
    [unknownFields, [...unknownFieldRows(event, from.key, TRANSCRIPTION_FIELDS()), ...fieldsBeside(event, from)]],
  ];
}

function fieldsBeside(event: KnownEvent, { besides }: Provenance): AnyRow[] {
  return besides ? rowsOfFields(besides.fields, event, besides.key) : [];
}

/** The row of a call in `conversations`, without its turns, tool calls and other rows. */
export function ownRow(event: KnownEvent, from: Provenance, absence: RecordingAbsence | undefined): TableRows {
  return [[conversations, [conversationRow(event, from, absence)]]];
}

/** The row of a failed attempt in `conversations`, and its fields without a column. */
export function failureRows(event: KnownEvent, from: Provenance): TableRows {
  return [
    [conversations, [failureRow(event, from)]],
    [unknownFields, unknownFieldRows(event, from.key, FAILURE_FIELDS())],
  ];
}

/** The row of the MP3 of a call; no row if there is no MP3. */
export function recordingRows(event: KnownEvent, mp3: StoredMp3 | undefined): TableRows {
  return [[recordings, mp3 ? [recordingRow(mp3, event.conversationId, agentId(event.body))] : []]];
}
