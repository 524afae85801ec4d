import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, dayOf, idOf, templates } from "./templates.ts";

/** The number of folders of callers. */
const CALLERS = 500;

const START = /"start_time_unix_secs": (\d+)/;

/** Writes the raw JSON of `calls` calls as the archive stores it: one file for each call, in the folder of its caller. */
export async function writeRawCalls(folder: string, calls: number): Promise<void> {
  const made = await templates(calls);
  for (let n = 0; n < calls; n += 1) {
    const { text, conversationId } = made[n % made.length] ?? { text: "", conversationId: "-" };
    const startedAt = Number(START.exec(text)?.[1]) + (dayOf(n) * DAY_MS) / 1000;
    const body = text.replaceAll(conversationId, idOf(n)).replace(START, `"start_time_unix_secs": ${startedAt}`);
    const caller = join(folder, String(n % CALLERS));
    if (n < CALLERS) await mkdir(caller, { recursive: true });
    await writeFile(join(caller, `${idOf(n)}.json`), body);
  }
}
