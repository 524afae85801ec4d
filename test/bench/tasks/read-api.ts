import { callsPage } from "../../../handlers/read/calls.ts";
import { facetsOf } from "../../../handlers/read/facets.ts";
import { overviewOf } from "../../../handlers/read/overview.ts";
import { searchPage } from "../../../handlers/read/search.ts";
import { liveEngine } from "../../../queries/engine/live-engine.client.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { readApiQueries } from "../../../queries/engine/saved-queries.client.ts";
import { conversations } from "../../../queries/tables/conversations.ts";
import { sqlLiteral, sqlName } from "../../../queries/tables/sql-text.ts";
import { dateOf } from "../made/templates.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { clocked } from "../timed.ts";

/** The engine of the read API. No query of a measurement is stopped. */
const OPTIONS = { timeoutMs: 10 * 60_000, connections: 3, memoryMegabytes: 1_024 };

/** After a run that is slower, there is no other. */
const SLOW_MS = 4_000;

/** The requests, in this order: the first reads what the others of the same tables need. */
const RANGE = { from: dateOf(0), to: dateOf(0) };

/** Columns of the calls, to compare what reading them takes. */
const SCANS = { "one column": ["conversation_id"], "all columns": Object.keys(conversations.columns) };

/**
 * Sends requests of the read API to the live day in the analytics folder `folder`. `engine` is `open`, the one of the
 * read API, or `new`, which reads the files each time. Returns the CPU time of each in milliseconds, and that of the
 * first run of each as `{name} first`, and that of reading columns of the calls.
 */
export async function readApi({ folder, runs, engine: kind }: TaskOptions): Promise<TaskResult> {
  const engine =
    kind === "open" ? liveEngine(String(folder), OPTIONS) : await openLocalEngine(String(folder), RANGE.from);
  const queries = await readApiQueries();
  const now = () => new Date(`${RANGE.to}T12:00:00Z`);
  const deps = { engine, queries: async () => queries, now, searchesByDays: true };
  const requests = {
    "the calls list": () => callsPage(RANGE, { sort: "-started_at", limit: 50 }, deps),
    facets: () => facetsOf(RANGE, deps),
    overview: () => overviewOf(RANGE, deps),
    search: () => searchPage({ ...RANGE, phrase: "refund", speaker: "any" }, { limit: 50 }, deps),
  };
  const result: Record<string, number[]> = {};
  for (const [name, request] of Object.entries(requests)) {
    const first = await clocked(request);
    const times: number[] = first.cpuMs > SLOW_MS && kind === "new" ? [first.cpuMs] : [];
    while (times.length === 0 || (times.length < Number(runs) && kind === "open"))
      times.push((await clocked(request)).cpuMs);
    result[name] = times;
    result[`${name} first`] = [first.cpuMs];
  }
  for (const [name, columns] of Object.entries(SCANS)) {
    const counts = columns.map((column) => `count(${sqlName(column)})`).join(", ");
    const scan = () => engine.run(`select ${counts} from conversations where dt = ${sqlLiteral(RANGE.from)}`, []);
    result[name] = [(await clocked(scan)).cpuMs, (await clocked(scan)).cpuMs];
  }
  engine.close();
  return result;
}
