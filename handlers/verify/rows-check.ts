import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import { recordings } from "../../queries/tables/recordings.ts";
import { type AnyRow, liveKey, type Table } from "../../queries/tables/table.ts";
import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { sha256Once } from "../call/digest.ts";
import { text } from "../call/json.ts";
import { isKnown, KINDS, rowsOf } from "../call/kinds/registry.ts";
import { PROCESSOR_VERSION } from "../call/rows/provenance.ts";
import { recordingRows, type TableRows } from "../call/rows/table-rows.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import type { RowsDigests } from "../process/conversation-index.ts";
import { provenanceOf } from "../process/object-provenance.ts";
import { rowsDigest } from "../process/rows-digest.ts";
import { type ArchiveProblem, repairable } from "./archive-finding.ts";
import type { Subject } from "./verify-deps.ts";

/** The rows that processing would write now. `mp3` is the recording beside the object, if its kind has one. */
export function expectedRows(subject: Subject, mp3: ObjectHead | undefined): TableRows {
  const { name, event, index } = subject;
  const rows = rowsOf(name.kind, event, provenanceOf(subject, index), index.recording?.state);
  const hasRecording = KINDS[name.kind].expects.recording === "beside it" && isKnown(event);
  return hasRecording ? [...rows, ...recordingRows(event, mp3)] : rows;
}

/**
 * Compares the live objects of a conversation under `hour` with `expected`, byte for byte. A table that is not in
 * `expected` must have none. `isChecked` selects the tables to check. Also returns how many rows are right.
 *
 * `digests` are those in the index. A live object with the digest of the expected rows is the one that was written from
 * them. Any other is compared with a new file.
 */
export async function checkRows(
  expected: TableRows,
  hour: string,
  conversation: string,
  isChecked: (table: Table) => boolean,
  digests: RowsDigests | undefined,
  analytics: Pick<Archive, "get" | "head">,
): Promise<{ readonly problems: readonly ArchiveProblem[]; readonly rows: number }> {
  const byTable = new Map(expected);
  const checked = TABLES.filter(isChecked).map((table) => ({ table, rows: byTable.get(table) ?? [] }));
  const differences = await Promise.all(
    checked.map(async ({ table, rows }) => {
      const key = liveKey(table.name, hour, conversation);
      const difference = await differenceIn(table, rows, key, digests?.[table.name], analytics);
      return difference && `${table.name} ${difference}`;
    }),
  );
  const found = differences.filter((each) => each !== undefined);
  if (found.length > 0)
    return { problems: [repairable("rows", `has other rows on ${dateOfHour(hour)}: ${found.join(", ")}`)], rows: 0 };
  return { problems: [], rows: checked.reduce((sum, { rows }) => sum + rows.length, 0) };
}

/** Whether a table has the rows of recordings, which depend on the MP3. */
export function isOfRecordings({ name }: Table): boolean {
  return name === recordings.name;
}

async function differenceIn(
  table: Table,
  rows: readonly AnyRow[],
  key: string,
  digest: string | undefined,
  analytics: Pick<Archive, "get" | "head">,
): Promise<string | undefined> {
  if (rows.length === 0) return (await analytics.head(key)) && "should have none";
  const stored = await analytics.get(key);
  if (!stored) return "missing";
  if (digest !== undefined && digest === rowsDigest(table, rows, sha256Once(stored.body))) return undefined;
  if (stored.body.equals(parquetFile(table, rows))) return undefined;
  return `different${await otherRules(table, stored.body)}`;
}

/** Names the rules that other rows were written by. Only the call's own row has that version. */
async function otherRules(table: Table, body: Buffer): Promise<string> {
  if (table.name !== conversations.name) return "";
  try {
    const [row] = await rowsIn(table, body);
    const version = text(row?.["processor_version"]);
    return version === PROCESSOR_VERSION
      ? ""
      : ` (written by version ${version} of the rules; this is ${PROCESSOR_VERSION})`;
  } catch (error) {
    if (!(error instanceof UnreadableParquet)) throw error;
    return ` (${error.message})`;
  }
}
