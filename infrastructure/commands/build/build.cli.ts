import { BudgetExceeded, bundles } from "../../aws/bundle.client.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";

const HELP = `Bundles the Lambda functions into dist/, minified, and prints their sizes.

Usage: npm run build

Exit status: 0 if each is within its budget, 1 if not.`;

await runAsCommand(HELP, async () => {
  try {
    for (const { name, bytes, budget, parts } of Object.values(await bundles())) {
      process.stdout.write(`${name.padEnd(24)}${kilobytes(bytes)} of ${kilobytes(budget)}\n`);
      for (const part of parts.slice(0, 8)) process.stdout.write(`  ${part.name.padEnd(36)}${kilobytes(part.bytes)}\n`);
    }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
});

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
}
