/** A row of a query: text, numbers and booleans by column. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A number of a row; `null` if it has none. Whole numbers beyond 2^53 come as text. */
export function numberIn(row: Row | undefined, column: string): number | null {
  const value = row?.[column] ?? null;
  return value === null || value === "" || typeof value === "boolean" || Number.isNaN(Number(value))
    ? null
    : Number(value);
}

/** A count of a row; 0 if it has none. */
export function countIn(row: Row | undefined, column: string): number {
  return numberIn(row, column) ?? 0;
}

/** A text of a row; `null` if it has none. */
export function textIn(row: Row | undefined, column: string): string | null {
  const value = row?.[column] ?? null;
  return value === null ? null : String(value);
}

/** The sum of a column. */
export function sumOf(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + countIn(row, column), 0);
}

/** A part of a whole; `null` if the whole is nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
