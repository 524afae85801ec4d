import type { UnknownFieldRow } from "../../../queries/tables/unknown-fields.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { entries } from "../json.ts";
import { digitsOf } from "../raw-number.ts";
import { KNOWN_FIELDS } from "./known-fields.ts";
import { notNumberCounts } from "./not-number-counts.ts";

/**
 * One row for each field of the call that is not in `KNOWN_FIELDS`. Fields inside such a field are not listed.
 *
 * A field that contains `NaN` or `Infinity` has a row for each of these words, also if it is known, or inside an unknown
 * one.
 */
export function unknownFieldRows(event: KnownEvent, key: string): UnknownFieldRow[] {
  const seen = new Map<string, { type: string; count: number }>();
  countUnknown(event.body.value, "", seen);
  const notNumbers = notNumberCounts(event.body.notNumbers);
  // Such a word is read as null. It is counted once.
  for (const { field } of notNumbers) if (seen.get(field)?.type === "null") seen.delete(field);
  const unknown = [...seen].map(([field, { type, count }]) => ({ field, type, count }));
  return [...unknown, ...notNumbers].map(({ field, type, count }) => ({
    conversation_id: event.conversationId,
    field,
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

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (digitsOf(value) !== undefined) return "number";
  return Array.isArray(value) ? "array" : typeof value;
}
