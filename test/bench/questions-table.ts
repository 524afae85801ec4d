import { type BenchRow, ratioToFloor } from "./measurement.ts";
import { alignedTable } from "./table.ts";

/** The rows of all questions in Markdown: one line for each question, with the numbers of each size beside it. */
export function questionsTable(rows: readonly BenchRow[]): string {
  const bySize = Map.groupBy(rows, ({ name }) => partsOf(name).size);
  const names = [...new Set(rows.map(({ name }) => partsOf(name).question))];
  const columns = [...bySize].flatMap(([size, ofSize]) => [
    size,
    ...(ofSize.some(({ alternative }) => alternative) ? ["raw JSON"] : []),
    "scan",
    "times",
  ]);
  const lines = names.map((question) => [
    question,
    ...[...bySize].flatMap(([size, ofSize]) => {
      const row = ofSize.find(({ name }) => name === `${question}, ${size}`);
      const hasRaw = ofSize.some(({ alternative }) => alternative);
      const numbers = [
        row?.ours.median,
        ...(hasRaw ? [row?.alternative?.median] : []),
        row?.floor?.median,
        row && ratioToFloor(row),
      ];
      return numbers.map((number) => (number === undefined ? "–" : String(number)));
    }),
  ]);
  return alignedTable(["ms", ...columns], lines, new Set(columns));
}

/** The question and the size in the name of a row. */
function partsOf(name: string): { readonly question: string; readonly size: string } {
  const [, question = name, size = ""] = /^(.*?), ([\d,]+ calls)$/.exec(name) ?? [];
  return { question, size };
}
