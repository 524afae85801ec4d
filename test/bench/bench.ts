/*
 * Measures the archive beside an alternative and a floor, prints a table, writes bench/results.json, and updates
 * docs/performance.md.
 *
 *   npm run bench                    all groups, about a quarter of an hour on two idle cores
 *   npm run bench -- NAME…           these groups; the results of the others stay
 *   npm run bench -- --quick         shows in seconds that the code of each row works; writes nothing
 */
import { GROUPS } from "./groups.ts";
import { updatePage } from "./page.ts";
import { runInProcess } from "./processes.ts";
import { circumstances, readResults, writeResults } from "./results.ts";
import { terminalTable } from "./table.ts";

const names = process.argv.slice(2).filter((name) => name !== "--quick");
const isQuick = process.argv.includes("--quick");
const unknown = names.filter((name) => !GROUPS.some((group) => group.name === name));
if (unknown.length > 0) {
  process.stderr.write(`No such group: ${unknown.join(", ")}. Groups: ${GROUPS.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}

// Before the first group: later groups would count the work of earlier ones.
const { load_average } = circumstances();
if (load_average > 1) process.stdout.write(`The machine is busy (load ${load_average})\n`);

for (const { name, measure } of GROUPS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const [before, startedAt] = [{ ...circumstances(), load_average }, performance.now()];
  const rows = await measure(isQuick ? "quick" : "full", runInProcess);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`\n${name}, in ${seconds} s\n\n${terminalTable(rows)}`);
  for (const { note } of rows) if (note) process.stdout.write(`${note}\n`);
  // After each group, so that an interrupted run keeps its measurements.
  if (isQuick) continue;
  await writeResults({ ...(await readResults()), [name]: { ...before, rows } });
  await updatePage();
}
