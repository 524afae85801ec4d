import { BudgetExceeded, bundles } from "../../aws/bundle.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";

/** Bundles the functions, and prints their sizes. */
export async function runBuild(_: undefined, terminal: Terminal): Promise<void> {
  try {
    for (const { name, bytes, budget, parts } of Object.values(await bundles())) {
      terminal.printLine(`${name.padEnd(24)}${kilobytes(bytes)} of ${kilobytes(budget)}`);
      for (const part of parts.slice(0, 8)) terminal.printLine(`  ${part.name.padEnd(36)}${kilobytes(part.bytes)}`);
    }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    terminal.fail(error.message);
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
}
