import { signature } from "../../handlers/receive/signature.ts";
import { folderBookmark } from "../../infrastructure/commands/toolkit/bookmark.client.ts";
import { compactFolder } from "../../infrastructure/local/compact-folder.ts";
import { folderDeadLetters } from "../../infrastructure/local/dead-letters.client.ts";
import { writeHolderFile } from "../../infrastructure/local/lock-holder.client.ts";
import { startArchive } from "../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { sampleDeliveries } from "../../infrastructure/samples/deliveries.ts";
import { type SampleCall, sampleCalls } from "../../infrastructure/samples/sample-calls.ts";
import { aTranscription, bodyOf } from "../support/fixtures/events.ts";
import { folderOfFile } from "../support/fixtures/folder-of-file.ts";

const HOUR_MS = 60 * 60 * 1000;

/** The clock for verifying. It is ahead, so that no delivery is young enough to be in processing. */
export const later = () => new Date(Date.now() + HOUR_MS);

/** Creates a folder with every kind of file, undamaged. It is removed after the test file. */
export async function aWholeFolder(calls: number | "few", seed: number): Promise<string> {
  const folder = await folderOfFile("call-archive-flips-");
  const now = new Date();
  const archive = await startArchive(settingsFrom({ ARCHIVE_DIR: folder, PORT: "0" }), () => {});
  const [secret = ""] = archive.secrets;
  const send = (body: Buffer | string, signedAt = now) =>
    fetch(`${archive.url}/post-call`, {
      method: "POST",
      body: Buffer.from(body),
      headers: { "elevenlabs-signature": signature(Buffer.from(body), secret, signedAt) },
    });
  const until = new Date(now.getTime() - 48 * HOUR_MS);
  for (const { body } of sampleDeliveries(callsFrom(calls, seed, until))) await send(body);
  await send(bodyOf("post_call_of_a_new_kind", { conversation_id: "conv_other" }));
  await send(aTranscription({ conversation_id: "conv_stale" }), new Date(now.getTime() - HOUR_MS));
  // The watch processes unrouted and quarantined objects only after a while.
  for await (const { key } of archive.archive.list("")) await archive.queueIfUnprocessed(key);
  await archive.queue.idle();
  await archive.close();

  await processEverything(folder);
  const letter = { reason: "audio: not base64", attempts: 8, given_up_at: now.toISOString() };
  await folderDeadLetters(folder).add({ key: "12025550101/conv_gone.json", ...letter });
  await folderBookmark(folder, ["a reprocessing"]).save({ after: "12025550101/conv_1.json", done: 7 });
  return folder;
}

/** Returns `calls` sample calls, or the shortest of each form among 60: they make every kind of file, and are quick to read. */
function callsFrom(calls: number | "few", seed: number, until: Date): readonly SampleCall[] {
  if (calls !== "few") return sampleCalls({ count: calls, seed, until });
  const forms = Map.groupBy(sampleCalls({ count: 60, seed, until }), ({ bodies, mp3 }) =>
    [...Object.keys(bodies), mp3 && "mp3"].join(),
  );
  const length = ({ bodies }: SampleCall) => Object.values(bodies).join("").length;
  return [...forms.values()].map((ofForm) =>
    ofForm.reduce((one, other) => (length(one) <= length(other) ? one : other)),
  );
}

/** Closes days and rebuilds changed ones, as a running archive does. */
export async function processEverything(folder: string): Promise<void> {
  await compactFolder(folder, { now: later });
}

/** Writes the note of a process that was killed an hour ago. */
export async function writeHolderNote(folder: string): Promise<void> {
  const since = new Date(Date.now() - HOUR_MS).toISOString();
  await writeHolderFile(folder, { pid: 999999, command: "npm start", since });
}
