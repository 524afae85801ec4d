import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { sha256 } from "../call/digest.ts";
import { mp3Key } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { hourOfRows, KINDS, rowsOf } from "../call/kinds/registry.ts";
import { recordingRows } from "../call/rows/table-rows.ts";
import type { Memory } from "../clients/memory/memories.ts";
import type { ConversationIndex } from "../process/conversation-index.ts";
import { provenanceOf } from "../process/object-provenance.ts";
import { signedBytes } from "../process/object-record.ts";
import { checkSignature } from "../verify/signature-check.ts";
import { type FoundCall, findCall } from "./find-call.ts";
import { type JsonRow, jsonRow } from "./json-rows.ts";
import type { ReadDeps } from "./read-deps.ts";

/** The state of a processing step of a call. `reason` is why it failed at the last try. */
interface StepState {
  readonly step: Step;
  readonly state: "done" | "failed" | "open";
  readonly reason: string | null;
}

/**
 * The state of the signature over the stored bytes. `unknown secret`: none of the secrets made it, but nothing shows that
 * the bytes are not those that were accepted.
 */
type SignatureState = "valid" | "invalid" | "none" | "unknown secret";

/** One call with its rows in every table. */
export interface CallReport {
  readonly conversation: JsonRow;
  readonly turns: readonly JsonRow[];
  readonly tool_calls: readonly JsonRow[];
  readonly evaluations: readonly JsonRow[];
  readonly data_points: readonly JsonRow[];
  readonly variables: readonly JsonRow[];
  readonly llm_usage: readonly JsonRow[];
  readonly recording: JsonRow | null;
  readonly archive: {
    readonly raw_key: string;
    readonly audio_key: string | null;
    readonly received_at: string;
    readonly signature: SignatureState;
    readonly steps: readonly StepState[];
  };
  /** `null` if a memory service stores them. */
  readonly memories: readonly Memory[] | null;
}

/**
 * The call or failed attempt `id`, from its JSON and its index, without a query. The rows are those that processing
 * writes.
 *
 * @throws {Problem} if there is none, if it was deleted, or if its JSON is of another call.
 */
export async function callReport(
  id: string,
  deps: Pick<ReadDeps, "archive" | "secrets" | "memories">,
): Promise<CallReport> {
  return reportOf(await findCall(id, deps), deps);
}

/** The same for a call that is found. */
export async function reportOf(
  call: FoundCall,
  deps: Pick<ReadDeps, "archive" | "secrets" | "memories">,
): Promise<CallReport> {
  const { name, key, index, event, record } = call;
  const mp3 = KINDS[name.kind].expects.recording === "beside it" ? await deps.archive.head(mp3Key(key)) : undefined;
  const rows = new Map(
    [...rowsOf(name.kind, event, provenanceOf(call, index), index.recording?.state), ...recordingRows(event, mp3)].map(
      ([table, ofTable]) => [table.name, ofTable.map((row) => jsonRow(row, table))],
    ),
  );
  const ofTable = (table: string) => rows.get(table) ?? [];
  const dt = dateOfHour(hourOfRows(name.kind, event, new Date(record.received_at)));
  return {
    conversation: { dt, ...ofTable("conversations")[0] },
    turns: ofTable("turns"),
    tool_calls: ofTable("tool_calls"),
    evaluations: ofTable("evaluations"),
    data_points: ofTable("data_points"),
    variables: ofTable("variables"),
    llm_usage: ofTable("llm_usage"),
    recording: ofTable("recordings")[0] ?? null,
    archive: {
      raw_key: key,
      audio_key: mp3?.key ?? null,
      received_at: record.received_at,
      signature: await signatureState(call, deps),
      steps: stepStates(call),
    },
    memories: deps.memories ? await memoriesOfCall(index, event.conversationId, deps.memories) : null,
  };
}

async function signatureState(
  { object, record }: Pick<FoundCall, "object" | "record">,
  { secrets }: Pick<ReadDeps, "secrets">,
): Promise<SignatureState> {
  const { state } = await checkSignature(object, undefined, secrets);
  if (state !== "refused") return state;
  const signed = signedBytes(record);
  // Without a secret and without a record, nothing shows that the signature is invalid.
  if (!signed && (await secrets()).length === 0) return "unknown secret";
  return signed?.sha256 === sha256(object.body) ? "unknown secret" : "invalid";
}

function stepStates({ name, record }: Pick<FoundCall, "name" | "record">): StepState[] {
  return KINDS[name.kind].steps.map((step) => {
    const reason = record.failed?.[step] ?? null;
    return { step, state: record.done.includes(step) ? "done" : reason === null ? "open" : "failed", reason };
  });
}

async function memoriesOfCall(
  { memory }: ConversationIndex,
  conversationId: string,
  memoriesOf: NonNullable<ReadDeps["memories"]>,
): Promise<Memory[]> {
  const ofUsers = await Promise.all((memory?.user_ids ?? []).map(memoriesOf));
  return ofUsers.flat().filter(({ conversation_id }) => conversation_id === conversationId);
}
