import { readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { processObject } from "../../../handlers/process/process.ts";
import { loadCalls } from "../../../infrastructure/commands/load/load-calls.ts";
import { parquetFile } from "../../../queries/tables/parquet.ts";
import { rowsIn } from "../../../queries/tables/read-parquet.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { aWorld } from "../../support/fixtures/world.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { warmCpuMs } from "../timed.ts";

/**
 * Processes calls of `kilobytes` in memory, in `runs` batches of `size` calls. Returns milliseconds of CPU time for a
 * call, and the number of its turns.
 */
export async function processing({ kilobytes, runs, size }: TaskOptions): Promise<TaskResult> {
  const now = new Date();
  const calls = loadCalls(Number(kilobytes), now);
  const world = aWorld({ now: () => now });
  const keys: string[] = [];
  for (let n = 0; n < (Number(runs) + 1) * Number(size); n += 1) {
    const body = calls.body(n);
    const key = rawKey(readEvent(body), body, undefined);
    await world.archive.put(key, body, { metadata: { source: "webhook", "received-at": now.toISOString() } });
    keys.push(key);
  }
  let next = 0;
  const ours = await warmCpuMs(Number(runs), Number(size), () => {
    const key = keys[next] ?? "";
    next += 1;
    return processObject(key, world.processing);
  });

  const [, file] = [...world.analytics.objects].find(([key]) => key.startsWith("live/turns/")) ?? [];
  const rows = await rowsIn(turns, file?.body ?? Buffer.alloc(0));
  const text = calls.body(0);
  const floor = await warmCpuMs(Number(runs), Number(size), () => {
    JSON.parse(text.toString());
    parquetFile(turns, rows);
  });
  return { ours, floor, turns: [rows.length] };
}
