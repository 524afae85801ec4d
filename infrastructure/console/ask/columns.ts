import type { AnswerRow, Rows } from "./questions.ts";

/** A column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  readonly isNumber: boolean;
  /** Its width, in characters. */
  readonly characters: number;
  /** The decimals of its numbers, so that they stand below each other. */
  readonly decimals: number;
}

const NUMBER_TYPE = /int|double|float|decimal|numeric|real/i;
const LIST_TYPE = /[[(<]/;
/** A column is as wide as its first rows need. */
const LOOKED_AT = 300;
const WIDEST = 48;
/** An id is cut after its first characters: its tooltip, its link and the CSV have all of it. */
const WIDEST_ID = 19;

/** The columns of an answer, with the width that their heads and values need. */
export function columnsOf({ columns, items }: Pick<Rows, "columns" | "items">): AnswerColumn[] {
  const looked = items.slice(0, LOOKED_AT);
  return columns.map(({ name, type }) => {
    const isNumber = NUMBER_TYPE.test(type) && !LIST_TYPE.test(type.replace(/^decimal\(.*\)$/i, ""));
    const decimals = isNumber ? Math.min(4, Math.max(0, ...looked.map((row) => decimalsOf(row[name])))) : 0;
    const column = { name, isNumber, decimals, characters: 0 };
    const longest = Math.max(...looked.map((row) => cellText(row[name], column).length), 0);
    return {
      ...column,
      characters: Math.min(/_id$/.test(name) ? WIDEST_ID : WIDEST, Math.max(4, name.length + 2, longest)),
    };
  });
}

function decimalsOf(value: unknown): number {
  const [, digits = ""] = /\.(\d+)$/.exec(String(value)) ?? [];
  return digits.length;
}

/** The text of a cell. It is at most as long as a row can show. */
export function cellText(
  value: AnswerRow[string] | undefined,
  { isNumber, decimals }: Pick<AnswerColumn, "isNumber" | "decimals">,
): string {
  if (value === null || value === undefined) return "";
  if (isNumber && Number.isFinite(Number(value)) && Number.isSafeInteger(Math.trunc(Number(value))))
    return Number(value).toFixed(decimals);
  const text = String(value).slice(0, 400);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? text.replace("T", " ").replace(/\.000Z$|Z$/, "") : text;
}

/** How an answer is sorted: a column, and whether the largest is first. */
export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** `-calls` in the address sorts by calls, the largest first. */
export function sortingIn(text: string | null): Sorting | undefined {
  return text ? { column: text.replace(/^-/, ""), isDescending: text.startsWith("-") } : undefined;
}

/** The rows in this order. Rows without a value are last in both directions. */
export function sorted(rows: readonly AnswerRow[], sorting: Sorting | undefined, isNumber: boolean): AnswerRow[] {
  if (!sorting) return [...rows];
  const { column, isDescending } = sorting;
  const compare = isNumber
    ? (one: unknown, other: unknown) => Number(one) - Number(other)
    : new Intl.Collator("en", { numeric: true }).compare;
  const isEmpty = (row: AnswerRow) => row[column] === null || row[column] === undefined;
  const full = rows.filter((row) => !isEmpty(row));
  full.sort((one, other) => (isDescending ? -1 : 1) * compare(String(one[column]), String(other[column])));
  return [...full, ...rows.filter(isEmpty)];
}
