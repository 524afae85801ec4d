import type { UnknownFieldRow } from "../../../queries/tables/unknown-fields.ts";
import type { KnownEvent } from "../event.ts";
import { agentId } from "../event-fields.ts";
import { type FieldGroups, type ShortPath, statusOf } from "../fields/field-groups.ts";
import { entries, isObject } from "../json.ts";
import { jsonType } from "../json-type.ts";

/** The known fields of a kind of event. */
export interface KnownFields {
  readonly groups: FieldGroups;
  readonly shortPath?: ShortPath;
}

/** A field without a column, and how often it occurs. */
interface SeenField {
  readonly status: "unknown" | "unmapped";
  readonly type: string;
  readonly count: number;
}

/**
 * One row for each field of the event that has no column: unknown to this version, or known and unmapped. Fields inside
 * such a field are not listed. An unmapped field without content is not listed.
 */
export function unknownFieldRows(event: KnownEvent, key: string, known: KnownFields): UnknownFieldRow[] {
  return [...fieldsWithoutColumn(event.body.value, known)].map(([field, { status, type, count }]) => ({
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
): ReadonlyMap<string, SeenField> {
  const seen = new Map<string, SeenField>();
  const open: { readonly value: unknown; readonly path: string }[] = [{ value: body, path: "" }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value } = next;
    const path = shortPath(next.path);
    if (Array.isArray(value) && Object.hasOwn(groups, `${path}[]`)) {
      open.push(...value.map((entry) => ({ value: entry, path: `${path}[]` })).reverse());
    } else if (isObject(value) && Object.hasOwn(groups, path)) {
      open.push(...nestedIn(value, path, groups, seen));
    } else if (hasContent(value)) {
      count(seen, path, "unmapped", value);
    }
  }
  return seen;
}

/** Counts the fields of an object that have no column, and returns those whose own fields are known, last one first. */
function nestedIn(
  object: Readonly<Record<string, unknown>>,
  path: string,
  groups: FieldGroups,
  seen: Map<string, SeenField>,
) {
  const isMap = Object.hasOwn(groups, `${path}.*`);
  return entries(object)
    .flatMap(([key, value]) => {
      const name = isMap ? "*" : key;
      const field = path === "" ? name : `${path}.${name}`;
      const status = isMap ? "nested" : statusOf(groups, path, name);
      if (status === "nested") return [{ value, path: field }];
      if (status === "unknown" || (status === "unmapped" && hasContent(value))) count(seen, field, status, value);
      return [];
    })
    .reverse();
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
