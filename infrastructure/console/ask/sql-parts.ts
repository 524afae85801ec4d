/** A part of a statement. A `value` stands in the place of a `?`. */
export interface SqlPart {
  readonly kind: "text" | "comment" | "string" | "number" | "keyword" | "value";
  readonly text: string;
}

const KEYWORDS =
  "with recursive as select distinct from where between and or not in is null like escape exists case when then else end group by order having limit offset join left right full inner outer cross on using union all intersect except over partition rows range preceding following unbounded current row asc desc nulls first last cast try_cast interval date timestamp true false filter lateral unnest values";

const TOKEN = new RegExp(
  [
    "(?<comment>--[^\\n]*|/\\*[\\s\\S]*?\\*/)",
    "(?<string>'(?:[^']|'')*')",
    '(?<name>"[^"]*"|[A-Za-z_][A-Za-z0-9_]*)',
    "(?<number>\\d+(?:\\.\\d+)?)",
    "(?<value>\\?)",
  ].join("|"),
  "g",
);

const IS_KEYWORD: ReadonlySet<string> = new Set(KEYWORDS.split(" "));

/** The parts of a statement, for its colours. Each `?` gets the next of `values`, as Athena gets it: as a literal. */
export function sqlParts(sql: string, values: readonly string[] = []): SqlPart[] {
  const parts: SqlPart[] = [];
  let end = 0;
  let given = 0;
  for (const match of sql.matchAll(TOKEN)) {
    if (match.index > end) parts.push({ kind: "text", text: sql.slice(end, match.index) });
    const [text] = match;
    const { comment, string, name, number, value } = match.groups ?? {};
    end = match.index + text.length;
    if (comment !== undefined) parts.push({ kind: "comment", text });
    else if (string !== undefined) parts.push({ kind: "string", text });
    else if (number !== undefined) parts.push({ kind: "number", text });
    else if (value !== undefined) parts.push({ kind: "value", text: literal(values[given++]) });
    else parts.push({ kind: IS_KEYWORD.has((name ?? "").toLowerCase()) ? "keyword" : "text", text });
  }
  if (end < sql.length) parts.push({ kind: "text", text: sql.slice(end) });
  return parts;
}

/** The parts of each line. */
export function linesOf(parts: readonly SqlPart[]): SqlPart[][] {
  const lines: SqlPart[][] = [[]];
  for (const { kind, text } of parts) {
    const [first = "", ...others] = text.split("\n");
    lines.at(-1)?.push({ kind, text: first });
    for (const other of others) lines.push([{ kind, text: other }]);
  }
  return lines;
}

function literal(value: string | undefined): string {
  return value === undefined ? "?" : `'${value.replaceAll("'", "''")}'`;
}

/** The statement without the comment at its top. */
export function withoutHeader(sql: string): string {
  return sql.replace(/^(?:--[^\n]*\n)+\s*/, "").trimEnd();
}

/** The notes in the comment at the top of a saved query: what its numbers count, in paragraphs. */
export function notesOf(sql: string): string[] {
  const [header = ""] = /^(?:--[^\n]*\n)+/.exec(sql) ?? [];
  return header
    .split("\n")
    .map((line) => line.replace(/^-- ?/, "").trimEnd())
    .join("\n")
    .split("\n\n")
    .slice(2)
    .map((paragraph) => paragraph.replaceAll("\n", " ").trim())
    .filter((paragraph) => paragraph !== "");
}
