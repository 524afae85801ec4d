import { setTimeout } from "node:timers/promises";
import { startWithActions } from "../commands/toolkit/actions/start-with-actions.ts";
import { post } from "../commands/toolkit/post.client.ts";
import { compactFolder } from "../local/compact-folder.ts";
import type { RunningArchive } from "../local/running-archive.ts";
import { settingsFrom } from "../local/settings.ts";
import { sampleDeliveries } from "../samples/deliveries.ts";
import { sampleCalls } from "../samples/sample-calls.ts";

const WEEKS = 8;
const CALLS_A_WEEK = 70;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** An archive in `folder` with eight weeks of invented calls, as a busy workshop has them. Past days are closed. */
export async function aWorkshop(folder: string, now: Date): Promise<RunningArchive> {
  const settings = settingsFrom({ ARCHIVE_DIR: folder, PORT: "0" });
  const today = () => new Date();
  const archive = await startWithActions(settings, () => {}, today);
  for (let week = WEEKS - 1; week >= 0; week -= 1) {
    // The latest week is that of the demo: it has the same seed.
    const until = new Date(now.getTime() - week * WEEK_MS);
    const calls = sampleCalls({ count: CALLS_A_WEEK, seed: week + 1, until });
    for (const { body } of sampleDeliveries(calls)) {
      await post(`${archive.url}/post-call`, Buffer.from(body), archive.secrets[0] ?? "", today());
    }
    await archive.queue.idle();
  }
  await compactFolder(folder, { now: today });
  await verify(archive.url);
  return archive;
}

/** Runs the action `verify`, so that the archive view has its result. */
async function verify(url: string): Promise<void> {
  const actions = `${url}/api/v1/actions`;
  const { token } = (await (await fetch(actions)).json()) as { readonly token: string };
  const headers = { origin: url, "content-type": "application/json", "x-action-token": token };
  await fetch(`${actions}/verify`, { method: "POST", headers, body: "{}" });
  for (;;) {
    const { running } = (await (await fetch(actions)).json()) as { readonly running: readonly unknown[] };
    if (running.length === 0) return;
    await setTimeout(250);
  }
}
