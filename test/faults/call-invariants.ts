import { sha256 } from "../../handlers/call/digest.ts";
import { at, list, text, words } from "../../handlers/call/json.ts";
import { slugged } from "../../handlers/call/slug.ts";
import { hasWords } from "../../handlers/call/spoken-text.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { rowsIn } from "../../queries/tables/read-parquet.ts";
import { type AnyRow, nameInLiveKey } from "../../queries/tables/table.ts";
import type { StoredCall, Violation, WorldState } from "./invariants.ts";

/** The rows of each live object, by `table conversation`. */
export type Rows = ReadonlyMap<string, readonly { readonly key: string; readonly rows: readonly AnyRow[] }[]>;

const CHECKED = TABLES.filter(({ name }) => ["conversations", "turns", "recordings"].includes(name));

/** Reads the rows of the tables that are checked. */
export async function rowsByConversation({ analytics }: WorldState): Promise<Rows> {
  const found = new Map<string, { key: string; rows: AnyRow[] }[]>();
  for (const table of CHECKED) {
    for (const [key, { body }] of analytics.objects) {
      if (!key.startsWith(`live/${table.name}/`)) continue;
      const name = `${table.name} ${nameInLiveKey(key)}`;
      found.set(name, [...(found.get(name) ?? []), { key, rows: await rowsIn(table, body) }]);
    }
  }
  return found;
}

/** Violations in the row of a call and in the rows of its turns. */
export function wrongRows(call: StoredCall, rows: Rows): Violation[] {
  const { conversation, caller, isFailure, data } = call;
  const found: Violation[] = [];
  const ofCall = rowsOf("conversations", call, rows, found);
  if (ofCall.length === 0) found.push(`lost: the row of ${conversation}`);
  if (ofCall.length > 1) found.push(`doubled: the row of ${conversation}`);
  for (const row of ofCall) {
    if (row["caller"] !== caller) found.push(`misfiled: the row of ${conversation}`);
    if (row["raw_sha256"] !== sha256(call.object.body))
      found.push(`lost: the row of the last bytes of ${conversation}`);
    if ((row["status"] === "initiation_failure") !== isFailure) found.push(`lost: the status of ${conversation}`);
  }
  const messages = isFailure ? [] : list(at(data, "transcript")).map((turn) => text(at(turn, "message")));
  const turns = rowsOf("turns", call, rows, found);
  if (turns.length > messages.length) found.push(`doubled: turns of ${conversation}`);
  if (turns.length < messages.length) found.push(`lost: turns of ${conversation}`);
  for (const [index, row] of turns.entries()) {
    if (row["caller"] !== caller) found.push(`misfiled: turn ${index} of ${conversation}`);
    if (row["turn_index"] !== index || row["message"] !== messages[index])
      found.push(`lost: turn ${index} of ${conversation}`);
  }
  return found;
}

/** The rows of a call in a table. Adds a violation for each object under another day than that of the call. */
function rowsOf(table: string, { conversation, day }: StoredCall, rows: Rows, found: Violation[]): readonly AnyRow[] {
  const objects = rows.get(`${table} ${conversation}`) ?? [];
  for (const { key } of objects) {
    if (!key.includes(`/dt=${day}/`)) found.push(`doubled: ${key}, which belongs under ${day}`);
  }
  return objects.flatMap((object) => object.rows);
}

/** Violations in the recording of a call and in its row. */
export function wrongRecording(call: StoredCall, { bucket, recordings }: WorldState, rows: Rows): Violation[] {
  const { conversation, key, isFailure } = call;
  const found: Violation[] = [];
  const expected = isFailure ? undefined : recordings.get(conversation);
  const mp3 = bucket.objects.get(key.replace(/\.json$/, ".mp3"));
  const ofMp3 = rowsOf("recordings", call, rows, found);
  if (expected && !mp3?.body.equals(expected)) found.push(`lost: the recording of ${conversation}`);
  if (!expected && mp3) found.push(`left over: a recording of ${conversation}`);
  if (ofMp3.length < (expected ? 1 : 0)) found.push(`lost: the row of the recording of ${conversation}`);
  if (ofMp3.length > (expected ? 1 : 0)) found.push(`doubled: the row of the recording of ${conversation}`);
  return found;
}

/** Violations in the memories of a call. */
export function wrongMemories(
  { conversation, caller, isFailure, data }: StoredCall,
  { memories }: WorldState,
): Violation[] {
  const found: Violation[] = [];
  const held = memories().filter(({ metadata }) => at(metadata, "conversation_id") === conversation);
  const isKnown = !isFailure && caller !== "anonymous";
  const spoken = list(at(data, "transcript")).map((turn) => text(at(turn, "message")));
  const expected = {
    factual: words(at(data, "analysis", "transcript_summary")),
    semantic: spoken.filter(hasWords).join("\n") || null,
  };
  for (const [type, content] of Object.entries(expected)) {
    const ofType = held.filter(({ metadata }) => at(metadata, "type") === type);
    const wanted = isKnown && content !== null ? 1 : 0;
    if (ofType.length < wanted) found.push(`lost: the ${type} memory of ${conversation}`);
    if (ofType.length > wanted) found.push(`doubled: the ${type} memory of ${conversation}`);
    for (const { user_id: user, messages } of ofType) {
      if (folderOf(user ?? "") !== caller) found.push(`misfiled: the ${type} memory of ${conversation}`);
      const held = list(messages).map((message) => text(at(message, "content")));
      if (content !== null && !held.join("\n").includes(content.trim())) found.push(`lost: words of ${conversation}`);
    }
  }
  return found;
}

/** The folder of a person, by the number or id of a memory. */
function folderOf(user: string): string {
  const digits = user.replace(/[\s().+-]/g, "");
  return /^\d+$/.test(digits) ? digits : `user-${slugged(user, 123)}`;
}
