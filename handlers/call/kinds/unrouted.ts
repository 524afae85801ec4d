import { type UnroutedRow, unroutedDeliveries } from "../../../queries/tables/unrouted.ts";
import { sha256 } from "../digest.ts";
import type { DeliveredEvent } from "../event.ts";
import { type Provenance, provenanceColumns } from "../rows/provenance.ts";
import { slugged } from "../slug.ts";
import type { UnroutedKind } from "./kind.ts";

/** The folder of events whose type or shape is unknown to this version. */
export const OTHER = "_other/";

/** The folder of events that were signed outside the tolerance. */
export const QUARANTINE = "_quarantine/";

/** An object without a call: its type or shape is unknown, or its signature is stale. Its only step is its row. */
export const unrouted: UnroutedKind = {
  isRouted: false,
  key: (event, body) => keyUnder(OTHER, event, body),
  keys: /^_(other|quarantine)\/[A-Za-z0-9_-]{1,128}\/[A-Za-z0-9_-]{1,128}\.json$/,
  role: "alone",
  steps: ["rows"],
  moment: (_, receivedAt) => receivedAt,
  rows: (event, from) => [[unroutedDeliveries, [unroutedRow(event, from)]]],
  expects: { recording: "none", isFetchable: false },
};

/** The key of an event that was signed correctly, but outside the tolerance. */
export function quarantineKey(event: DeliveredEvent, body: Buffer): string {
  return keyUnder(QUARANTINE, event, body);
}

function keyUnder(prefix: string, { type, conversationId }: DeliveredEvent, body: Buffer): string {
  return `${prefix}${slugged(type)}/${conversationId ? slugged(conversationId) : sha256(body)}.json`;
}

function unroutedRow(event: DeliveredEvent, from: Provenance): UnroutedRow {
  const isStale = from.key.startsWith(QUARANTINE);
  const [, , name = ""] = from.key.replace(/\.json$/, "").split("/");
  return {
    conversation_id: event.conversationId ?? name,
    event_type: event.type,
    place: isStale ? "quarantine" : "other",
    reason: isStale ? "it was not signed recently" : event.kind === "unrouted" ? event.reason : "it was put there",
    ...provenanceColumns(from),
  };
}
