import type { UnknownFieldRow } from "../../../queries/tables/unknown-fields.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import type { FieldTree } from "../fields/field-tree.ts";
import { entries, isObject } from "../json.ts";
import { jsonType } from "../json-type.ts";
import { unknownParts } from "../otel/unknown-parts.ts";
import { notNumberCounts } from "./not-number-counts.ts";

/** A field without a column, as the index of a conversation keeps it for its audio event. */
export interface FieldWithoutColumn {
  readonly field: string;
  readonly status: "unknown" | "unmapped" | "invalid";
  readonly type: string;
  readonly count: number;
}

type SeenField = Omit<FieldWithoutColumn, "field">;

/**
 * One row for each field of the event that has no column: unknown to this version, or known and unmapped. Fields inside
 * such a field are not listed. An unmapped field without content is not listed.
 *
 * A field that contains `NaN` or `Infinity` is invalid, and has a row for each of these words, also if it is known or
 * inside another listed field.
 */
export function unknownFieldRows(event: KnownEvent, key: string, known: FieldTree): UnknownFieldRow[] {
  return rowsOfFields(fieldsWithoutColumn(event, known), event, key);
}

/** The rows of `fields` in the object at `key`. */
export function rowsOfFields(fields: readonly FieldWithoutColumn[], event: KnownEvent, key: string): UnknownFieldRow[] {
  return fields.map(({ field, status, type, count }) => ({
    conversation_id: event.conversationId,
    field,
    status,
    json_type: type,
    seen_count: count,
    agent_id: agentId(event.body),
    raw_key: key,
  }));
}

/** The fields of the event that have no column. */
export function fieldsWithoutColumn(event: KnownEvent, known: FieldTree): FieldWithoutColumn[] {
  const seen = seenFields(event.sent, known);
  for (const { field, value } of unknownParts(event.sent)) count(seen, field, "unknown", value);
  const invalid = notNumberCounts(event.body.notNumbers, known);
  // Such a word is read as null. It is counted once.
  for (const { field } of invalid) if (seen.get(field)?.type === "null") seen.delete(field);
  return [...[...seen].map(([field, found]) => ({ field, ...found })), ...invalid];
}

/** The fields without a column in `body`, by their path. Not recursive: objects may be nested some thousand levels deep. */
function seenFields(body: unknown, known: FieldTree): Map<string, SeenField> {
  const seen = new Map<string, SeenField>();
  // Grows while it is read.
  const found: PlacedValue[] = [{ value: body, tree: known }];
  for (const { value, tree } of found) {
    if (tree.anyKey && isContainer(value)) {
      for (const [, entry] of entries(value)) found.push({ value: entry, tree: tree.anyKey });
    } else if (tree.entries && Array.isArray(value)) {
      for (const entry of value) found.push({ value: entry, tree: tree.entries });
    } else if (tree.isObject && isObject(value)) {
      for (const nested of nestedIn(value, tree, seen)) found.push(nested);
    } else if (hasContent(value)) {
      count(seen, tree.path, "unmapped", value);
    }
  }
  return seen;
}

interface PlacedValue {
  readonly value: unknown;
  readonly tree: FieldTree;
}

/** Counts the fields of an object that have no column, and returns those whose own fields are known. */
function nestedIn(
  object: Readonly<Record<string, unknown>>,
  { path, fields, nested }: FieldTree,
  seen: Map<string, SeenField>,
): PlacedValue[] {
  const found: PlacedValue[] = [];
  for (const name of Object.keys(object)) {
    const value = object[name];
    const tree = nested.get(name);
    const status = fields.get(name) ?? "unknown";
    if (tree) found.push({ value, tree });
    else if (status === "unknown" || (status === "unmapped" && hasContent(value))) {
      count(seen, path === "" ? name : `${path}.${name}`, status, value);
    }
  }
  return found;
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
