/** The address of the editor with a statement. It is in the fragment, which browsers do not send. */
export function ownSqlAddress(sql: string): string {
  return `/ask/sql#${encodeURIComponent(sql)}`;
}

/** The statement in the address of the page. */
export function sqlInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** Writes the statement into the address of the page. */
export function keepInAddress(sql: string): void {
  history.replaceState(history.state, "", ownSqlAddress(sql));
}
