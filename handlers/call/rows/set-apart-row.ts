import type { SetApartRow } from "../../../queries/tables/set-apart.ts";
import { EVENT_TYPES, type KnownEvent, type OtherEvent } from "../event.ts";
import { PROCESSOR_VERSION, type Provenance } from "./provenance.ts";

/** The row of an object under `_other/` or `_quarantine/`. */
export function setApartRow(event: KnownEvent | OtherEvent, from: Provenance): SetApartRow {
  const isStale = from.key.startsWith("_quarantine/");
  const [, , name = ""] = from.key.replace(/\.json$/, "").split("/");
  return {
    conversation_id: event.conversationId ?? name,
    event_type: event.kind === "other" ? event.type : EVENT_TYPES[event.kind],
    place: isStale ? "quarantine" : "other",
    reason: isStale ? "it was not signed recently" : event.kind === "other" ? event.reason : "it was put there",
    received_at: from.receivedAt,
    source: from.source,
    raw_key: from.key,
    raw_bytes: BigInt(from.bytes),
    raw_sha256: from.sha256,
    processor_version: PROCESSOR_VERSION,
  };
}
