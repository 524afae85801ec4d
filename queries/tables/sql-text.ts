/** `text` as an SQL literal for Athena and DuckDB. No text can end the literal. */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `name` as the name of a table or a column in SQL. A plain name is not quoted, to keep statements easy to read. */
export function sqlName(name: string): string {
  return /^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
