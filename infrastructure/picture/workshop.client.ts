import { signature } from "../../handlers/receive/signature.ts";
import { compactFolder } from "../local/compact-folder.ts";
import { type RunningArchive, startArchive } from "../local/running-archive.ts";
import { settingsFrom } from "../local/settings.ts";
import { sampleDeliveries } from "../samples/deliveries.ts";
import { sampleCalls } from "../samples/sample-calls.ts";

const WEEKS = 8;
const CALLS_A_WEEK = 70;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** An archive in `folder` with eight weeks of invented calls, as a busy workshop has them. Past days are closed. */
export async function aWorkshop(folder: string, now: Date): Promise<RunningArchive> {
  const archive = await startArchive(settingsFrom({ ARCHIVE_DIR: folder, PORT: "0" }), () => {});
  for (let week = WEEKS - 1; week >= 0; week -= 1) {
    // The latest week is that of the demo: it has the same seed.
    const until = new Date(now.getTime() - week * WEEK_MS);
    const calls = sampleCalls({ count: CALLS_A_WEEK, seed: week + 1, until });
    for (const { body } of sampleDeliveries(calls)) {
      const bytes = Buffer.from(body);
      const headers = { "elevenlabs-signature": signature(bytes, archive.secrets[0] ?? "", new Date()) };
      const response = await fetch(`${archive.url}/post-call`, { method: "POST", body: bytes, headers });
      await response.arrayBuffer();
    }
    await archive.queue.idle();
  }
  await compactFolder(folder, { now: () => new Date() });
  return archive;
}
