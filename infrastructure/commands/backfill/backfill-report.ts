import type { Reconciliation } from "../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../handlers/reconcile/reconcile-deps.ts";
import { presentRows } from "../toolkit/present.ts";

/** Formats what a backfill found and did. */
export function reportText(found: Reconciliation, format: "table" | "json", width: number | undefined): string {
  const rows: [string, number, number | null][] = [
    ["listed by ElevenLabs", found.listed, null],
    ["not finished yet", found.unfinished, null],
    ["there already", found.present, null],
    ["deleted on purpose, not fetched", found.deleted, null],
    ["missing", found.missing, found.missingRecordings],
    ["recovered", found.recovered, found.recoveredRecordings],
    ["unrecoverable", found.unrecoverable, found.unrecoverableRecordings],
    ["failed, to be tried again", found.failed, found.failedRecordings],
  ];
  return presentRows([format === "json" ? "what" : "", "calls", "recordings"], rows, format, width);
}

/** Whether nothing is missing any more. */
export function isComplete(found: Reconciliation): boolean {
  const { missing, unrecoverable, failed, missingRecordings, unrecoverableRecordings, failedRecordings } = found;
  return missing + unrecoverable + failed + missingRecordings + unrecoverableRecordings + failedRecordings === 0;
}

/** Describes a conversation if it or its recording is or was missing; else `undefined`. */
export function conversationLine({ conversationId, call, recording, reasons }: Reconciled): string | undefined {
  if (call === "missing") return `${conversationId}: ${reasons[0] ?? "not in the archive"}`;
  if (recording === "missing") return `${conversationId}: its recording is missing`;
  if (reasons.length === 0) return undefined;
  return `${conversationId || "a conversation"}: ${reasons.join("; ")}. ${remedyFor({ call, recording })}`;
}

function remedyFor({ call, recording }: Pick<Reconciled, "call" | "recording">): string {
  if (call === "failed" || recording === "failed") return "Run backfill again later";
  if (call === "unrecoverable") return "If you have the body of its webhook, put that in the archive";
  return "If you have the recording, put it beside the JSON as an .mp3 of the same name, and reprocess the call";
}
