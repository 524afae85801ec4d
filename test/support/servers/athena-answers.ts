import type { Cell, QueryEngine } from "../../../queries/engine/query-engine.ts";
import { TRINO_TYPE } from "../../queries/trino-types.ts";
import type { AthenaTable } from "./athena-server.ts";

/** Answers as Athena does what `engine` answers: parameters are literals, and every value is text. */
export function answersOf(engine: QueryEngine) {
  return async (sql: string, parameters: readonly string[]): Promise<AthenaTable> => {
    const { columns, rows } = await engine.run(sql, parameters.map(literalValue));
    return {
      columns: columns.map(({ name, type }) => ({ name, type: TRINO_TYPE[type] ?? type })),
      rows: rows.map((row) => row.map(athenaText)),
    };
  };
}

/** What a literal of Athena's SQL stands for. Ours are texts, so anything else is a mistake. */
function literalValue(literal: string): string {
  const [, text] = literal.match(/^'((?:[^']|'')*)'$/s) ?? [];
  if (text === undefined) throw new Error(`SYNTAX_ERROR: ${literal} is no literal of a text`);
  return text.replaceAll("''", "'");
}

function athenaText(cell: Cell): string | null {
  if (cell === null) return null;
  return cell instanceof Date ? cell.toISOString().replace("T", " ").replace("Z", "") : String(cell);
}
