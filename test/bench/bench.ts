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

for (const { name, measure } of GROUPS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const [before, startedAt] = [circumstances(), performance.now()];
  const rows = await measure(isQuick ? "quick" : "full", runInProcess);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const busy = before.load_average > 1 ? `. The machine was busy (load ${before.load_average})` : "";
  process.stdout.write(`\n${name}, in ${seconds} s${busy}\n\n${terminalTable(rows)}`);
  for (const { note } of rows) if (note) process.stdout.write(`${note}\n`);
  // After each group, so that an interrupted run keeps its measurements.
  if (isQuick) continue;
  await writeResults({ ...(await readResults()), [name]: { ...before, rows } });
  await updatePage();
}
