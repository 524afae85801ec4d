import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CLOSE_AFTER_HOURS, closableFrom } from "../../../handlers/compact/days.ts";
import { compactFolder } from "../../../infrastructure/local/compact-folder.ts";
import { openDuckdb } from "../../../queries/engine/local-engine.client.ts";
import { sqlLiteral } from "../../../queries/tables/sql-text.ts";
import { dayFolder } from "../../../queries/tables/table.ts";
import { FIRST_DAY } from "../made/templates.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { timed } from "../timed.ts";

/** Closes the day of `makeDay` in `folder`; before that, reads its files, and copies its tables with DuckDB. */
export async function compaction({ folder }: TaskOptions): Promise<TaskResult> {
  const analytics = join(String(folder), "analytics");
  const entries = await readdir(join(analytics, "live"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const floor = await timed(async () => {
    for (const file of files) await readFile(file);
  });
  const ours = await timed(() =>
    compactFolder(String(folder), { now: () => closableFrom(FIRST_DAY, CLOSE_AFTER_HOURS) }),
  );
  const alternative = await timed(() => copyWithDuckdb(analytics, join(String(folder), "duckdb")));
  return {
    ours: [ours.cpuMs],
    grownMb: [ours.grownMb],
    floor: [floor.cpuMs],
    alternative: [alternative.cpuMs],
    files: [files.length],
  };
}

/** Packs the hours 0 to 21 of the live day of `makeLiveDay` in `folder`. Returns the CPU time. */
export async function packing({ folder }: TaskOptions): Promise<TaskResult> {
  const now = () => new Date(`${FIRST_DAY}T22:15:00Z`);
  const { cpuMs } = await timed(() => compactFolder(String(folder), { now, packedFromCalls: 1 }));
  return { ours: [cpuMs] };
}

async function copyWithDuckdb(analytics: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const duckdb = await openDuckdb();
  const connection = await duckdb.connect();
  for (const table of await readdir(join(analytics, "live"))) {
    const from = sqlLiteral(join(analytics, dayFolder(table, "live", FIRST_DAY), "**/*.parquet"));
    const order = "order by conversation_id";
    const rows = `select * from read_parquet(${from}, union_by_name = true) ${order}`;
    await connection.run(`copy (${rows}) to ${sqlLiteral(join(to, `${table}.parquet`))} (format parquet, codec zstd)`);
  }
  connection.closeSync();
  duckdb.closeSync();
}
