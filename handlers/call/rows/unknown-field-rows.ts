import type { UnknownFieldRow } from "../../../queries/tables/unknown-fields.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { type FieldGroups, type ShortPath, statusOf } from "../fields/field-groups.ts";
import { entries, isObject } from "../json.ts";
import { jsonType } from "../json-type.ts";
import { unknownParts } from "../otel/unknown-parts.ts";
import { notNumberCounts } from "./not-number-counts.ts";

/** The known fields of a kind of event. */
export interface KnownFields {
  readonly groups: FieldGroups;
  readonly shortPath?: ShortPath;
}

/** A field without a column, and how often it occurs. */
interface SeenField {
  readonly status: "unknown" | "unmapped" | "invalid";
  readonly type: string;
  readonly count: number;
}

/**
 * One row for each field of the event that has no column: unknown to this version, or known and unmapped. Fields inside
 * such a field are not listed. An unmapped field without content is not listed.
 *
 * A field that contains `NaN` or `Infinity` is invalid, and has a row for each of these words, also if it is known or
 * inside another listed field.
 */
export function unknownFieldRows(event: KnownEvent, key: string, known: KnownFields): UnknownFieldRow[] {
  const seen = fieldsWithoutColumn(event.sent, known);
  for (const { field, value } of unknownParts(event.sent)) count(seen, field, "unknown", value);
  const invalid = notNumberCounts(event.body.notNumbers, known.groups);
  // Such a word is read as null. It is counted once.
  for (const { field } of invalid) if (seen.get(field)?.type === "null") seen.delete(field);
  const listed = [...seen].map(([field, found]) => ({ field, ...found }));
  return [...listed, ...invalid].map(({ field, status, type, count }) => ({
    conversation_id: event.conversationId,
    field,
    status,
    json_type: type,
    seen_count: count,
    agent_id: agentId(event.body),
    raw_key: key,
  }));
}

/** The fields without a column in `body`, by their path. Not recursive: objects may be nested some thousand levels deep. */
function fieldsWithoutColumn(
  body: unknown,
  { groups, shortPath = (path) => path }: KnownFields,
): Map<string, SeenField> {
  const seen = new Map<string, SeenField>();
  // Grows while it is read.
  const found: PlacedValue[] = [{ value: body, path: "" }];
  for (const { value, path: longPath } of found) {
    const path = shortPath(longPath);
    const isMap = Object.hasOwn(groups, `${path}.*`);
    if (isMap && isContainer(value)) {
      for (const [, entry] of entries(value)) found.push({ value: entry, path: `${path}.*` });
    } else if (Array.isArray(value) && Object.hasOwn(groups, `${path}[]`)) {
      for (const entry of value) found.push({ value: entry, path: `${path}[]` });
    } else if (isObject(value) && Object.hasOwn(groups, path)) {
      for (const nested of nestedIn(value, path, groups, seen)) found.push(nested);
    } else if (hasContent(value)) {
      count(seen, path, "unmapped", value);
    }
  }
  return seen;
}

interface PlacedValue {
  readonly value: unknown;
  readonly path: string;
}

/** Counts the fields of an object that have no column, and returns those whose own fields are known. */
function nestedIn(
  object: Readonly<Record<string, unknown>>,
  path: string,
  groups: FieldGroups,
  seen: Map<string, SeenField>,
): PlacedValue[] {
  return entries(object).flatMap(([name, value]) => {
    const field = path === "" ? name : `${path}.${name}`;
    const status = statusOf(groups, path, name);
    if (status === "nested") return [{ value, path: field }];
    if (status === "unknown" || (status === "unmapped" && hasContent(value))) count(seen, field, status, value);
    return [];
  });
}

/** Whether a value may be a map: senders write an object or a list, with the same entries. */
function isContainer(value: unknown): boolean {
  return isObject(value) || Array.isArray(value);
}

function count(seen: Map<string, SeenField>, field: string, status: SeenField["status"], value: unknown): void {
  const before = seen.get(field);
  const type = before && before.type !== "null" ? before.type : jsonType(value);
  seen.set(field, { status, type, count: (before?.count ?? 0) + 1 });
}

/** Whether a value is more than null, an empty text, an empty list or an empty object. */
function hasContent(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || entries(value).length > 0;
}
