/** The types of parameters. The engine gets the value of each type as text. */
const PARAMETER_TYPES = ["string", "integer", "double", "date", "zone"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** The topics of saved queries, in the order of the list. */
export const TOPICS = ["volume", "outcome", "content", "quality", "money", "archive"] as const;
type Topic = (typeof TOPICS)[number];

/** The chart of a result: a bar or a point for each row, with its height from `value` and its name from `labels`. */
export interface Chart {
  readonly kind: "bar" | "line";
  readonly value: string;
  readonly labels: readonly string[];
}

/** One `?` of a query. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The value if none is given, as `parameterValues` reads it. A parameter without a default is required. */
  readonly default?: string;
  readonly meaning: string;
  /** The accepted values; if absent, all values of the type. */
  readonly choices?: readonly string[];
}

/** A saved query: its SQL, and the fields of its file's header. */
export interface SavedQuery {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly topic: Topic;
  readonly question: string;
  /** The meaning of one row of the result. */
  readonly grain: string;
  /** In the order of the `?` in the SQL. */
  readonly parameters: readonly Parameter[];
  /** The tables it reads. */
  readonly reads: readonly string[];
  /** The chart of its result, if it has one. */
  readonly chart?: Chart;
  /** The whole header as text, without the dashes. */
  readonly header: string;
  /** The whole file: Athena SQL with its header. */
  readonly sql: string;
}

/** `1 name type default  meaning`; two spaces end the default, which may contain spaces. A type may be choices. */
const PARAMETER = /^(\d+) +([a-z][a-z0-9_]*) +([a-z]+(?:\|[a-z]+)*) +(\S+(?: \S+)*) {2,}(\S.*)$/;

/** `bar calls by weekday, hour`. */
const CHART = /^(bar|line) ([a-z0-9_]+) by ([a-z0-9_, ]+)$/;

/**
 * Parses the text of a `.sql` file.
 *
 * The header is the comment at its top: the question, an empty line, then `Topic:`, `Grain:`, `Parameters:` (one a
 * line, or `none`), `Reads:` and optionally `Chart:`. Further paragraphs are notes.
 *
 * @throws if the header lacks a required field or has an invalid one. That is a mistake in the file.
 */
export function savedQuery(name: string, sql: string): SavedQuery {
  const header = headerOf(sql);
  const [question = "", labelled = ""] = header.split("\n\n");
  const fields = fieldsOf(labelled);
  const field = (label: string): string[] => {
    const lines = (fields.get(label) ?? []).filter((line) => line !== "");
    if (lines.length === 0) throw new Error(`${name}.sql: its header has no "${label}:"`);
    return lines;
  };
  return {
    name,
    topic: topic(name, field("Topic").join(" ")),
    question: question.replaceAll("\n", " "),
    grain: field("Grain").join(" "),
    parameters: field("Parameters")
      .filter((line) => line !== "none")
      .map((line, index) => parameter(name, line, index + 1)),
    reads: field("Reads").join(" ").split(/, */),
    ...(fields.has("Chart") ? { chart: chart(name, field("Chart").join(" ")) } : {}),
    header,
    sql,
  };
}

function headerOf(sql: string): string {
  const lines = sql.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^-- ?/, "").trimEnd())
    .join("\n");
}

/** The lines under each label. A line that begins with a space belongs to the label above it. */
function fieldsOf(paragraph: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of paragraph.split("\n")) {
    const [, label, rest = line] = line.match(/^([A-Z][a-z]+): *(.*)$/) ?? [];
    if (label !== undefined) {
      lines = [];
      fields.set(label, lines);
    }
    lines.push(rest.trim());
  }
  return fields;
}

function topic(query: string, text: string): Topic {
  const found = TOPICS.find((known) => known === text);
  if (found === undefined) throw new Error(`${query}.sql: its topic is not one of ${TOPICS.join(", ")}: "${text}"`);
  return found;
}

function chart(query: string, text: string): Chart {
  const [, kind, value = "", labels = ""] = text.match(CHART) ?? [];
  if (kind !== "bar" && kind !== "line") {
    throw new Error(`${query}.sql: its chart is not "bar|line value by label, …": "${text}"`);
  }
  return { kind, value, labels: labels.split(/, */) };
}

function parameter(query: string, line: string, position: number): Parameter {
  const [, number, name = "", written = "", given = "", meaning = ""] = line.match(PARAMETER) ?? [];
  const choices = written.includes("|") ? written.split("|") : undefined;
  const type = choices ? "string" : written;
  if (Number(number) !== position || !isParameterType(type)) {
    throw new Error(`${query}.sql: parameter ${position} is not "${position} name type default  meaning": "${line}"`);
  }
  return { name, type, meaning, ...(given === "required" ? {} : { default: given }), ...(choices ? { choices } : {}) };
}

function isParameterType(type: string): type is ParameterType {
  return PARAMETER_TYPES.some((known) => known === type);
}
