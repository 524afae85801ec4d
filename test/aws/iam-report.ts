import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { isNeededFor, type Statement } from "../support/servers/iam-policy.ts";
import type { CheckedCall } from "../support/servers/iam-proxy.ts";

/** The findings of the IAM proxy for one function or role in one test. */
interface Entry {
  readonly name: string;
  readonly checked: number;
  readonly refused: number;
  /** Every allowing statement, and those that no call of this test needed. */
  readonly statements: readonly string[];
  readonly unneeded: readonly string[];
}

/** Returns the names of the allowing statements that none of `calls` needs. */
export function unneededStatements(calls: readonly CheckedCall[], statements: readonly Statement[]): string[] {
  const allowed = calls.filter(({ refused }) => refused === undefined);
  return statements
    .filter(({ effect }) => effect === "Allow")
    .filter((statement) => !allowed.some(({ needs }) => isNeededFor(needs, statement, statements)))
    .map(({ name }) => name);
}

/** Adds the findings of a test to the report at `path`. Several processes may do so at once: a line is one write. */
export function report(path: string, name: string, calls: readonly CheckedCall[], statements: readonly Statement[]) {
  const entry: Entry = {
    name,
    checked: calls.length,
    refused: calls.filter(({ refused }) => refused !== undefined).length,
    statements: statements.filter(({ effect }) => effect === "Allow").map((statement) => statement.name),
    unneeded: unneededStatements(calls, statements),
  };
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/** Summarises the report at `path`: calls checked, allowed and refused, and statements that no call needed. */
export function summaryOf(path: string): string {
  const entries: Entry[] = existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
  const names = [...new Set(entries.map(({ name }) => name))].toSorted();
  const each = names.map((name) => `${name} ${countsOf(entries.filter((entry) => entry.name === name)).join("/")}`);
  const [checked, allowed, refused] = countsOf(entries);
  const needed = new Set(entries.flatMap((entry) => entry.statements.filter((name) => !entry.unneeded.includes(name))));
  const unneeded = new Set(entries.flatMap((entry) => entry.unneeded)).difference(needed);
  const inOrder = [...unneeded].toSorted((one, other) => one.localeCompare(other, "en", { numeric: true }));
  return [
    `IAM: ${checked} calls checked, ${allowed} allowed, ${refused} refused as their tests expect (${each.join(", ")})`,
    `IAM: ${unneeded.size} statements that no call of this run needed`,
    ...inOrder.map((name) => `  ${name}`),
  ].join("\n");
}

/** The number of calls that were checked, allowed and refused. */
function countsOf(entries: readonly Entry[]): readonly [checked: number, allowed: number, refused: number] {
  const checked = entries.reduce((sum, entry) => sum + entry.checked, 0);
  const refused = entries.reduce((sum, entry) => sum + entry.refused, 0);
  return [checked, checked - refused, refused];
}
