import { JSON_COLUMNS } from "./json-columns.ts";
import type { Row } from "./table.ts";

/** Signed deliveries that are not stored with a call: of an unknown type or shape, or with a stale signature. */
export const unroutedDeliveries = {
  name: "unrouted",
  grain: "one row per unrouted or quarantined object; its day is the day of receipt",
  columns: {
    conversation_id: {
      type: "string",
      required: true,
      comment: "the conversation that the delivery names, else the name of the object",
    },
    event_type: {
      type: "string",
      comment:
        "the event type that the delivery states; not-json, or untyped if there is none and the fields are those of no kind",
    },
    place: { type: "string", comment: "other: unknown to this version; quarantine: the signature is stale" },
    reason: { type: "string", comment: "why the delivery is not stored with a call" },
    ...JSON_COLUMNS,
  },
} as const;

export type UnroutedRow = Row<typeof unroutedDeliveries>;
