/** `text` as a literal of SQL, the same in Athena and DuckDB: nothing in it can end the literal. */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `name` as the name of a table or a column in SQL. A plain one stays as it is, so that statements are easy to read. */
export function sqlName(name: string): string {
  return /^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
