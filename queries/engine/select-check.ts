import { meant } from "./people-words.ts";

/** What a statement may use. All names are in lower case. */
export interface Allowed {
  readonly tables: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** Why a statement is not run, with the word that is the reason. */
export interface NotAllowed {
  readonly message: string;
  readonly word?: string;
}

/** Functions that return rows. They read nothing. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(["unnest", "generate_series", "range"]);

/** Parts of a statement that read nothing but their parts. DuckDB 1.5.6's names, of `json_serialize_sql`. */
const PARTS: ReadonlySet<string> = new Set([
  "SELECT_NODE",
  "SET_OPERATION_NODE",
  "RECURSIVE_CTE_NODE",
  "CTE_NODE",
  "BASE_TABLE",
  "TABLE_FUNCTION",
  "SUBQUERY",
  "JOIN",
  "EXPRESSION_LIST",
  "EMPTY",
  "LIMIT_MODIFIER",
  "LIMIT_PERCENT_MODIFIER",
  "ORDER_MODIFIER",
  "DISTINCT_MODIFIER",
]);

/** The order of a sort is a part without its own type. */
const ORDER = /^(ORDER_DEFAULT|ASCENDING|DESCENDING|INVALID)$/;

/** A name that cannot be that of a file. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/;

type Part = Readonly<Record<string, unknown>>;

/**
 * Checks a statement that DuckDB's own parser has read: the result of `json_serialize_sql`.
 *
 * A table must be one of the allowed tables or a name that `with` defines before. A function must be an allowed one. A
 * part of an unknown kind is not allowed. So no file, no setting and no catalogue can be named. Returns `undefined` if
 * the statement may run.
 */
export function notAllowed(serialized: unknown, allowed: Allowed): NotAllowed | undefined {
  const { error, error_message, statements } = isPart(serialized) ? serialized : ({ error: true } as Part);
  if (error !== false || !Array.isArray(statements)) {
    return String(error_message).startsWith("Only SELECT")
      ? { message: "Only a SELECT can be run here, also one that begins with WITH." }
      : { message: `The SQL cannot be read: ${String(error_message ?? "it is empty")}.` };
  }
  if (statements.length !== 1)
    return { message: "Only one SELECT can be run at a time. Remove the semicolon and what follows it." };
  return inPart(statements[0], allowed, new Set());
}

function inPart(part: unknown, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  if (Array.isArray(part)) return first(part, (each) => inPart(each, allowed, names));
  if (!isPart(part)) return undefined;
  return part["class"] === undefined ? inTable(part, allowed, names) : inExpression(part, allowed, names);
}

function inExpression(part: Part, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  if (part["class"] === "CONSTANT") return undefined;
  if (part["class"] === "PARAMETER") return { message: "A ? has no value here. Write the value instead.", word: "?" };
  if (part["class"] === "FUNCTION" || part["class"] === "WINDOW") {
    const name = String(part["function_name"]).toLowerCase();
    if (!allowed.functions.has(name))
      return { message: `The function ${name} does not exist here, or may not be used.`, word: name };
  }
  return inValues(part, allowed, names);
}

function inTable(part: Part, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  const type = String(part["type"] ?? "");
  if (type !== "" && !PARTS.has(type) && !ORDER.test(type))
    return { message: "This kind of statement cannot be run here. Use SELECT … FROM a table." };
  if (type === "BASE_TABLE") return inName(part, allowed, names);
  if (type === "TABLE_FUNCTION") {
    const { function: called } = part;
    const name = isPart(called) ? String(called["function_name"]).toLowerCase() : "";
    if (!TABLE_FUNCTIONS.has(name)) return { message: `The function ${name} may not be used here.`, word: name };
    return isPart(called) ? inValues(called, allowed, names) : undefined;
  }
  if (type === "RECURSIVE_CTE_NODE") {
    // Only its second half may name itself.
    const own = new Set([...names, String(part["cte_name"]).toLowerCase()]);
    const { right, ...rest } = part;
    return inNode(rest, allowed, names) ?? inPart(right, allowed, own);
  }
  return inNode(part, allowed, names);
}

/** The names that `with` defines are valid for what follows them, and nowhere else. */
function inNode(part: Part, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  const { cte_map: defined, ...rest } = part;
  const known = new Set(names);
  const entries = isPart(defined) && Array.isArray(defined["map"]) ? defined["map"].filter(isPart) : [];
  for (const { key, value } of entries) {
    const name = String(key).toLowerCase();
    if (!PLAIN_NAME.test(name))
      return { message: `The name ${name} may have letters, digits and underscores only.`, word: name };
    const problem = inPart(value, allowed, known);
    if (problem) return problem;
    known.add(name);
  }
  return inValues(rest, allowed, known);
}

function inName(part: Part, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  const name = String(part["table_name"]).toLowerCase();
  if (part["schema_name"] !== "" || part["catalog_name"] !== "")
    return { message: "Write the name of a table alone, without a schema before it.", word: name };
  if (names.has(name)) return undefined;
  if (!allowed.tables.has(name)) {
    const tables = [...allowed.tables];
    return {
      message: `There is no table ${name}.${meant(name, tables)} The tables are ${tables.join(", ")}.`,
      word: name,
    };
  }
  return undefined;
}

/** Types of values are not followed: they name nothing that can be read. */
function inValues(part: Part, allowed: Allowed, names: ReadonlySet<string>): NotAllowed | undefined {
  const { cast_type: _, ...rest } = part;
  return first(Object.values(rest), (each) => inPart(each, allowed, names));
}

function first<Item>(items: readonly Item[], of: (item: Item) => NotAllowed | undefined): NotAllowed | undefined {
  for (const item of items) {
    const found = of(item);
    if (found) return found;
  }
  return undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
