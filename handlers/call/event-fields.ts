import { at, text } from "./json.ts";
import type { LeanJson } from "./lean-json.ts";

/** When ElevenLabs sent the event, in seconds since 1970, as the envelope states it. */
export function eventTimestamp(body: LeanJson): unknown {
  return at(body.value, "event_timestamp");
}

/** The agent of an event. */
export function agentId(body: LeanJson): string | null {
  return text(at(body.value, "data", "agent_id"));
}
