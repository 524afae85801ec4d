import { readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { processObject } from "../../../handlers/process/process.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { memoriesOf } from "../../../infrastructure/local/folder-memories.ts";
import { stampFolder } from "../../../infrastructure/local/folder-stamp.client.ts";
import { folderStores } from "../../../infrastructure/local/folder-stores.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { longCalls } from "../../support/fixtures/long-calls.ts";
import { aWorld } from "../../support/fixtures/world.ts";
import { writeArchive } from "../made/archive-folder.ts";
import { writeRawCalls } from "../made/raw-calls.ts";
import { writeLiveDay, writeTables } from "../made/tables.ts";
import { FIRST_DAY, TURNS } from "../made/templates.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";

/** The secret of the calls that `makeDay` makes. */
export const DAY_SECRET = "wsec_measured";

/** Makes a month of closed days with `calls` calls in the analytics folder `folder`. */
export async function makeTables({ folder, calls }: TaskOptions): Promise<TaskResult> {
  await writeTables(String(folder), Number(calls));
  return {};
}

/** Makes one live day with `calls` calls in the analytics folder `folder`, with packs if `state` is "packed". */
export async function makeLiveDay({ folder, calls, state }: TaskOptions): Promise<TaskResult> {
  await writeLiveDay(String(folder), Number(calls), state === "packed");
  return {};
}

/** Makes the raw JSON of the same calls in `folder`. */
export async function makeRaw({ folder, calls }: TaskOptions): Promise<TaskResult> {
  await writeRawCalls(String(folder), Number(calls));
  return {};
}

/** Makes an archive of `calls` calls that are processed, without rows. */
export async function makeArchive({ folder, calls }: TaskOptions): Promise<TaskResult> {
  await writeArchive(String(folder), Number(calls));
  return {};
}

/** Makes an archive with one live day of `calls` calls, received and processed by the code that is measured. */
export async function makeDay({ folder, calls }: TaskOptions): Promise<TaskResult> {
  const stores = folderStores(String(folder));
  const memories = await memoriesOf(settingsFrom({ ARCHIVE_DIR: String(folder) }));
  const world = aWorld({ ...stores, memories });
  for (const { endedAt, transcription, others } of longCalls(Number(calls), TURNS, FIRST_DAY, 1)) {
    // A call as long as the recording of the sample: otherwise `verify` finds that the recording was cut.
    const call = transcription.toString().replace(/"call_duration_secs": \d+/, '"call_duration_secs": 1');
    for (const body of [Buffer.from(call), ...others.slice(0, 1)]) {
      const key = rawKey(readEvent(body), body, undefined);
      const signed = {
        "received-at": endedAt.toISOString(),
        "elevenlabs-signature": signature(body, DAY_SECRET, endedAt),
      };
      await stores.archive.put(key, body, { metadata: { source: "webhook", ...signed } });
      await processObject(key, { ...world.processing, now: () => endedAt });
    }
  }
  await stampFolder(String(folder));
  return {};
}
