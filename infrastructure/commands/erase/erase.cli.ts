import { memoryService } from "../../../handlers/clients/memory/memory-service.client.ts";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { type Erasing, eraseConversation } from "../../../handlers/erase/erase-conversation.ts";
import { type Erasure, erasuresOf } from "../../../handlers/erase/erasure.ts";
import { folderDeadLetters } from "../../local/dead-letters.client.ts";
import { lockFolder } from "../../local/folder-lock.client.ts";
import { memoriesOf } from "../../local/memories-of.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { runAsCommand, WrongUsage } from "../toolkit/command.ts";
import { canAsk, confirm } from "../toolkit/confirm.ts";
import { deployed } from "../toolkit/deployed.ts";
import { folderInstallation } from "../toolkit/folder-installation.client.ts";
import { type EraseCommand, eraseCommandOf } from "./erase-command.ts";

const HELP = `Erases a conversation, or all conversations of a caller, and records in their indexes that this was on purpose.

Usage: npm run erase -- --conversation ID --reason "…" [--yes] [--stack NAME]
       npm run erase -- --caller C --reason "…" [--yes] [--stack NAME]

  --conversation ID  this conversation
  --caller C         all conversations of a caller: a number (+16125550100), or a folder's name (user-anna)
  --reason "…"       why; it is kept in the index, so name nobody in it
  --yes              does not ask; needed where nobody can be asked
  --stack NAME       the archive that is deployed as this stack, instead of the one in ARCHIVE_DIR (default .archive)

Removes the JSON, the recording, delivered audio, bodies that were set apart under the same id, rows, and memories
(in Mem0 with MEM0_API_KEY or the stack's own key, else in the folder). The index stays: it holds key names, dates and
hashes, and keeps backfill from fetching the call again. Run it again to finish what was cut off. An archive that runs in
the folder is to be stopped first. At ElevenLabs, and in earlier versions of a bucket's objects, calls remain:
see "Erasing a caller" in docs/operating.md.

Exit status: 0 done, 1 something is left (it says what), 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const command = eraseCommandOf(process.argv.slice(2));
  if (!command.yes && !canAsk())
    throw new WrongUsage("it asks before it begins, and nobody can be asked here: say --yes");
  const settings = settingsFrom(process.env);
  if (command.stack !== undefined) return eraseIn(await stackOf(command.stack, settings), command);
  const unlock = await lockFolder(settings.folder, "npm run erase");
  try {
    await eraseIn(await folderOf(settings), command);
  } finally {
    await unlock();
  }
});

/** Where to erase, and what it leaves there. */
interface Place extends Erasing {
  readonly archive: Parameters<typeof erasuresOf>[1] & Erasing["archive"];
  readonly last: string;
}

async function folderOf(settings: Settings): Promise<Place> {
  const { archive, analytics } = folderInstallation(settings);
  const letters = folderDeadLetters(settings.folder);
  const erase = async (key: string) => {
    await archive.delete(key);
    await letters.remove(key);
  };
  const memories = await memoriesOf(settings);
  const last = "Closed days are made anew without them by npm run compact, or by the archive once it runs.";
  return { archive: { ...archive, delete: erase }, analytics, memories, alone: true, now: () => new Date(), last };
}

async function stackOf(name: string, settings: Settings): Promise<Place> {
  const stack = await deployed(name, settings);
  const [{ archive, analytics }, service] = [stack, await stack.memoryService()];
  const memories = service && (await memoryService(service));
  const last =
    "Earlier versions remain in the buckets, and closed days are made anew within a quarter of an hour: see “Erasing a caller” in docs/operating.md.";
  return { archive, analytics, memories, alone: false, now: () => new Date(), last };
}

async function eraseIn(place: Place, command: EraseCommand): Promise<void> {
  const erasures = await Array.fromAsync(erasuresOf(command.of, place.archive));
  if (erasures.length === 0) return tell("Nothing is there to erase.");
  for (const erasure of erasures) say(erasureText(erasure));
  if (!command.yes && !(await confirm(`Erase ${conversations(erasures)}? This cannot be undone.`))) {
    tell("Nothing was done.");
    process.exitCode = 1;
    return;
  }
  let done = 0;
  for (const erasure of erasures) if (await isErased(erasure, command.reason, place)) done += 1;
  say(`${done} of ${conversations(erasures)} erased.\n`);
  say(`${place.last}\n`);
  say("ElevenLabs still has them, unless they were deleted there: DELETE /v1/convai/conversations/{id}.\n");
  if (done < erasures.length) process.exitCode = 1;
}

async function isErased(erasure: Erasure, reason: string, place: Place): Promise<boolean> {
  const { conversation } = erasure;
  try {
    const erased = await eraseConversation(erasure, reason, place);
    if (erased === "locked")
      tell(`${conversation} is being processed, and nothing of it was erased: run it again later`);
    if (erased === "memories left")
      tell(
        `${conversation}: its memories are left. Set MEM0_API_KEY and run: npm run erase -- --conversation ${conversation}`,
      );
    return erased === "erased";
  } catch (error) {
    tell(`${conversation} is not erased yet: ${messageOf(error)}. Run it again to finish it`);
    return false;
  }
}

function erasureText({ conversation, keys, days, users }: Erasure): string {
  const more = [
    ...(days.length > 0 ? [`rows on ${days.join(", ")}`] : []),
    ...(users > 0 ? [`memories under ${users === 1 ? "one user" : `${users} users`}`] : []),
  ];
  const what = [...keys, ...more];
  return [conversation, ...(what.length > 0 ? what : ["nothing is here: only the deletion is recorded"])]
    .join("\n  ")
    .concat("\n");
}

function conversations({ length }: readonly Erasure[]): string {
  return length === 1 ? "1 conversation" : `${length} conversations`;
}

function say(text: string): void {
  process.stdout.write(text);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
