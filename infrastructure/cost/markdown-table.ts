/** A Markdown table with aligned columns. The columns after the first `texts` ones are numbers, aligned to the right. */
export function markdownTable(names: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const widths = names.map((_, column) => Math.max(3, ...[names, ...rows].map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number) =>
    column < texts ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(" | ")} |\n`;
  const rule = widths.map((width, column) => (column < texts ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(names), line(rule), ...rows.map(line)].join("");
}

/** An amount of dollars with cents: `$1,234.50`. */
export function dollars(usd: number): string {
  return `${usd < 0 ? "-" : ""}$${grouped(Math.abs(usd), 2)}`;
}

/** A change of a sum, with its sign: `-$2.85`, `+$0.10`. */
export function change(usd: number): string {
  const rounded = Math.round(usd * 100) / 100;
  return rounded === 0 ? "$0.00" : `${rounded < 0 ? "-" : "+"}$${grouped(Math.abs(rounded), 2)}`;
}

/** A whole number with commas: `1,000,000`. */
export function whole(count: number): string {
  return grouped(count, 0);
}

function grouped(value: number, digits: number): string {
  const [units = "", ...cents] = value.toFixed(digits).split(".");
  return [units.replaceAll(/\B(?=(\d{3})+$)/g, ","), ...cents].join(".");
}
