import type { UnknownFieldRow } from "../../../queries/tables/unknown-fields.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { entries } from "../json.ts";
import { jsonType } from "../json-type.ts";
import { KNOWN_FIELDS } from "./known-fields.ts";

/** One row for each field of the call that is not in `KNOWN_FIELDS`. Fields inside such a field are not listed. */
export function unknownFieldRows(event: KnownEvent, key: string): UnknownFieldRow[] {
  const seen = new Map<string, { type: string; count: number }>();
  countUnknown(event.body.value, "", seen);
  return [...seen].map(([field, { type, count }]) => ({
    conversation_id: event.conversationId,
    field,
    status: "unknown",
    json_type: type,
    seen_count: count,
    agent_id: agentId(event.body),
    raw_key: key,
  }));
}

function countUnknown(value: unknown, path: string, seen: Map<string, { type: string; count: number }>): void {
  if (Array.isArray(value)) {
    // Lists in lists are never known. They are skipped, because they may be nested too deep for recursion.
    if (KNOWN_FIELDS[`${path}[]`] !== undefined) for (const entry of value) countUnknown(entry, `${path}[]`, seen);
    return;
  }
  const known = KNOWN_FIELDS[path];
  if (known === undefined) return;
  for (const [name, child] of entries(value)) {
    const step = known.includes("*") ? "*" : name;
    const field = path === "" ? step : `${path}.${step}`;
    if (known.includes(step)) {
      countUnknown(child, field, seen);
      continue;
    }
    const before = seen.get(field);
    const type = before && before.type !== "null" ? before.type : jsonType(child);
    seen.set(field, { type, count: (before?.count ?? 0) + 1 });
  }
}
