import type { KnownEvent } from "../event.ts";
import { agentId, eventTimestamp } from "../event-fields.ts";
import { time } from "./day.ts";
import { type Provenance, provenanceColumns } from "./provenance.ts";

/** The columns that a call and a failed attempt have in common. */
export function columnsOfEvery(event: KnownEvent, from: Provenance) {
  return {
    conversation_id: event.conversationId,
    agent_id: agentId(event.body),
    caller: from.caller,
    event_at: time(eventTimestamp(event.body)),
    ...provenanceColumns(from),
  };
}
