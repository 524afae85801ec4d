import type { Row } from "../parts/row.ts";

/** Which calls the overview is about. */
export interface Scope {
  /** The first day. */
  readonly from: string;
  /** The last day. */
  readonly to: string;
  /** `undefined` for all agents. */
  readonly agent: string | undefined;
}

/** The rows of the scope's agent. All of them if it has none. */
export function ofAgent(rows: readonly Row[], { agent }: Scope): readonly Row[] {
  return agent === undefined ? rows : rows.filter((row) => row["agent_id"] === agent);
}

/** The address of a saved question with the range of the scope. */
export function questionAddress(name: string, { from, to }: Scope): string {
  return `/ask/${name}?from=${from}&to=${to}`;
}
