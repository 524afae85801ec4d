/** The known fields of the objects at one path. A field that is itself a path of `FieldGroups` may be in neither list. */
export interface FieldGroup {
  /** Fields whose content is in the tables. */
  readonly mapped?: readonly string[];
  /** Fields that are in the raw JSON only. Fields below them are not listed. */
  readonly unmapped?: readonly string[];
}

/**
 * The known fields of a kind of event, by the path of the object that has them: `data.metadata`. `[]` means every entry of
 * a list, `*` every key of a map whose keys the customer chooses.
 */
export type FieldGroups = Readonly<Record<string, FieldGroup>>;

/** `path` in its shorter form, for objects that contain objects of the same shape, to any depth. */
export type ShortPath = (path: string) => string;

/** What is known of a field: `nested` if its own fields are known, too. */
export type FieldStatus = "mapped" | "unmapped" | "nested" | "unknown";

/** What `groups` knows of the field `name` of the object at `path`. */
export function statusOf(groups: FieldGroups, path: string, name: string): FieldStatus {
  const field = path === "" ? name : `${path}.${name}`;
  if (Object.hasOwn(groups, field) || Object.hasOwn(groups, `${field}[]`)) return "nested";
  const { mapped = [], unmapped = [] } = groups[path] ?? {};
  if (mapped.includes(name)) return "mapped";
  return unmapped.includes(name) ? "unmapped" : "unknown";
}
