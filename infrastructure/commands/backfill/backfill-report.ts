import type { Reconciliation } from "../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../handlers/reconcile/reconcile-deps.ts";
import { presentRows } from "../toolkit/present.ts";

/** What a backfill found and did. */
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

/** Whether anything is still missing. */
export function isAllThere(found: Reconciliation): boolean {
  const { missing, unrecoverable, failed, missingRecordings, unrecoverableRecordings, failedRecordings } = found;
  return missing + unrecoverable + failed + missingRecordings + unrecoverableRecordings + failedRecordings === 0;
}

/** A line on a conversation of which something is missing, or was; `undefined` where nothing was. */
export function lineOn({ conversationId, call, recording, reasons }: Reconciled): string | undefined {
  if (call === "missing") return `${conversationId}: ${reasons[0] ?? "not in the archive"}`;
  if (recording === "missing") return `${conversationId}: without its recording`;
  if (reasons.length === 0) return undefined;
  return `${conversationId || "a conversation"}: ${reasons.join("; ")}. ${adviceOn({ call, recording })}`;
}

function adviceOn({ call, recording }: Pick<Reconciled, "call" | "recording">): string {
  if (call === "failed" || recording === "failed") return "Run it again later";
  if (call === "unrecoverable") return "Who has what its webhook brought can put that in the archive";
  return "Who has it can put it beside the JSON, as an .mp3 of the same name, and reprocess the call";
}
