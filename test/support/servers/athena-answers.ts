import type { Cell, QueryEngine } from "../../../queries/engine/query-engine.ts";
import { TRINO_TYPE } from "../../queries/trino-types.ts";
import type { AthenaTable } from "./athena-server.ts";

/** Returns `engine`'s answers in Athena's form: parameters are literals, and every value is text. */
export function answersOf(engine: QueryEngine) {
  return async (sql: string, parameters: readonly string[]): Promise<AthenaTable> => {
    const { columns, rows } = await engine.run(sql, parameters.map(literalValue));
    return {
      columns: columns.map(({ name, type }) => ({ name, type: TRINO_TYPE[type] ?? type })),
      rows: rows.map((row) => row.map(athenaText)),
    };
  };
}

/** The value of a literal in Athena's SQL. @throws for a literal that is not a text, because ours are texts. */
function literalValue(literal: string): string {
  const [, text] = literal.match(/^'((?:[^']|'')*)'$/s) ?? [];
  if (text === undefined) throw new Error(`SYNTAX_ERROR: ${literal} is no literal of a text`);
  return text.replaceAll("''", "'");
}

function athenaText(cell: Cell): string | null {
  if (cell === null) return null;
  return cell instanceof Date ? cell.toISOString().replace("T", " ").replace("Z", "") : String(cell);
}
