import { Link } from "wouter";
import { callsAddress } from "../calls/filter.ts";
import { NOTHING } from "../parts/format.ts";
import { type AnswerColumn, cellText } from "./columns.ts";
import type { AnswerRow } from "./questions.ts";

/** Columns whose texts are names of the data, and not words. */
const IS_NAME =
  /(_id|_ids|_key|_name|_type|_url|_hash|^id|^dt|^day|day$|^name|_start|_at|^key|^caller|model|version|^field|^path|^error)$/;

/** A cell. Ids lead to their calls. */
export function Cell(props: {
  readonly column: AnswerColumn;
  readonly row: AnswerRow;
  readonly range: Readonly<Record<string, string>>;
  /** The names of agents by their ids. */
  readonly names: ReadonlyMap<string, string>;
}) {
  const { column, row, range, names } = props;
  const value = row[column.name];
  const text = cellText(value, column);
  const to = text === "" ? undefined : addressOf(column.name, String(value), range, row["time_in_call_secs"]);
  const kind = column.isNumber ? "num" : IS_NAME.test(column.name) ? "mono" : "";
  return (
    <td className={kind || undefined} title={titleOf(text, column, names)}>
      {value === null || value === undefined ? (
        <span className="t3">{NOTHING}</span>
      ) : to ? (
        <Link className="to" href={to}>
          <bdi>{text}</bdi>
        </Link>
      ) : (
        <bdi>{text}</bdi>
      )}
    </td>
  );
}

/** The name of an agent; the whole text where it is cut. */
function titleOf(text: string, { name, characters }: AnswerColumn, names: ReadonlyMap<string, string>) {
  const agent = name === "agent_id" ? names.get(text) : undefined;
  if (agent !== undefined) return `${agent} (${text})`;
  return text.length > characters ? text : undefined;
}

/** Where a value leads: a call, or its moment, or the calls of a caller, an agent or a day. */
function addressOf(
  column: string,
  value: string,
  { from, to }: Readonly<Record<string, string>>,
  second: AnswerRow[string] | undefined,
): string | undefined {
  const days = { from, to };
  if (column === "conversation_id" && typeof second === "number")
    return `/calls/${encodeURIComponent(value)}?t=${second}`;
  if (/(^|_)conversation_id$/.test(column)) return `/calls/${encodeURIComponent(value)}`;
  if (column === "caller") return callsAddress({ caller: value, ...days });
  if (column === "agent_id") return callsAddress({ agent: value, ...days });
  if ((column === "day" || column === "dt") && /^\d{4}-\d\d-\d\d$/.test(value))
    return callsAddress({ from: value, to: value });
  return undefined;
}
