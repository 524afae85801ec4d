import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { type EraseDeps, eraseConversation } from "../../../handlers/erase/erase-conversation.ts";
import { type Erasure, type ErasureDeps, erasuresOf } from "../../../handlers/erase/erasure.ts";
import { dateOfHour } from "../../../queries/tables/utc-date.ts";
import { folderDeadLetters } from "../../local/dead-letters.client.ts";
import { lockFolder } from "../../local/folder-lock.client.ts";
import { folderReports } from "../../local/reports.client.ts";
import type { Settings } from "../../local/settings.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { deployedStack } from "../toolkit/deployment/deployment-of.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { EraseRequest } from "./erase.command.ts";

/** Erases the requested conversations, after a confirmation. */
export async function runErase(command: EraseRequest, terminal: Terminal): Promise<void> {
  if (!command.yes && !terminal.canConfirm)
    throw new WrongUsage("erase needs a confirmation, and there is no terminal to ask on: add --yes");
  const settings = existingArchive(terminal.env, command.stack);
  if (command.stack !== undefined) return eraseIn(await stackTarget(command.stack, settings), command, terminal);
  const unlock = await lockFolder(settings.folder, "npm run erase");
  try {
    await eraseIn(await folderTarget(settings), command, terminal);
  } finally {
    await unlock();
  }
}

/** Where to erase, and a last line on what remains there. */
interface EraseTarget extends EraseDeps {
  readonly archive: ErasureDeps["archive"] & EraseDeps["archive"];
  readonly analytics: ErasureDeps["analytics"] & EraseDeps["analytics"];
  /** Removes what reports of earlier commands state of a conversation. */
  readonly forget: (conversation: string) => Promise<void>;
  readonly last: string;
}

async function folderTarget(settings: Settings): Promise<EraseTarget> {
  const { archive, analytics, defaultCountryCode, memoryService } = folderDeployment(settings);
  const letters = folderDeadLetters(settings.folder);
  const erase = async (key: string) => {
    await archive.delete(key);
    await letters.remove(key);
  };
  const memories = await memoryService();
  const last =
    "npm run compact, or the archive when it runs, rebuilds closed days and packed hours without them. A run an hour later deletes the earlier packs.";
  return {
    archive: { ...archive, delete: erase },
    forget: folderReports(settings.folder).forget,
    analytics,
    memories,
    defaultCountryCode,
    isExclusive: true,
    now: () => new Date(),
    last,
  };
}

async function stackTarget(name: string, settings: Settings): Promise<EraseTarget> {
  const { archive, analytics, defaultCountryCode, memoryService } = await deployedStack(name, settings);
  const memories = await memoryService();
  const last =
    "Closed days are rebuilt, and hours packed again, within a quarter of an hour. The earlier packs are deleted within two hours after that. Earlier versions remain in the buckets: see “Erasing a caller” in docs/operating.md.";
  return {
    archive,
    forget: async () => {},
    analytics,
    memories,
    defaultCountryCode,
    isExclusive: false,
    now: () => new Date(),
    last,
  };
}

async function eraseIn(target: EraseTarget, command: EraseRequest, terminal: Terminal): Promise<void> {
  const erasures = await Array.fromAsync(erasuresOf(command.of, target));
  if (erasures.length === 0) return terminal.printNote("There is nothing to erase.");
  for (const erasure of erasures) terminal.print(erasureText(erasure));
  if (!command.yes && !(await terminal.confirm(`Erase ${conversations(erasures)}? This cannot be undone.`)))
    return terminal.fail("Nothing was done.");
  let done = 0;
  for (const erasure of erasures) if (await eraseOne(erasure, command, target, terminal)) done += 1;
  if (erasures.some(isStored)) {
    terminal.printLine(`${done} of ${conversations(erasures)} erased.`);
    terminal.printLine(target.last);
  } else if (done > 0) {
    terminal.printLine("Nothing was stored under this id. Its deletion is recorded: backfill does not fetch it.");
  }
  terminal.printLine("ElevenLabs keeps its calls until they are deleted there: DELETE /v1/convai/conversations/{id}.");
  if (done < erasures.length) terminal.exitWith(1);
}

async function eraseOne(
  erasure: Erasure,
  { reason, stack }: EraseRequest,
  target: EraseTarget,
  { printNote }: Terminal,
): Promise<boolean> {
  const { conversation } = erasure;
  try {
    const erased = await eraseConversation(erasure, reason, target);
    if (erased !== "locked") await target.forget(conversation);
    if (erased === "locked")
      printNote(`${conversation} is being processed and was not erased: run the command again later`);
    if (erased === "memories left")
      printNote(
        `${conversation}: its memories remain. Set MEM0_API_KEY and run: npm run erase -- --conversation ${conversation} --reason "…"${stack === undefined ? "" : ` --stack ${stack}`}`,
      );
    return erased === "erased";
  } catch (error) {
    printNote(`${conversation} is not completely erased: ${messageOf(error)}. Run the command again to finish`);
    return false;
  }
}

/** Whether anything is stored of the conversation, besides its index. */
function isStored({ keys, hours, users }: Erasure): boolean {
  return keys.length + hours.length + users > 0;
}

function erasureText({ conversation, keys, hours, users }: Erasure): string {
  const days = [...new Set(hours.map(dateOfHour))];
  const more = [
    ...(days.length > 0 ? [`rows on ${days.join(", ")}`] : []),
    ...(users > 0 ? [`memories under ${users === 1 ? "one user" : `${users} users`}`] : []),
  ];
  const what = [...keys, ...more];
  return [conversation, ...(what.length > 0 ? what : ["nothing is stored: only the deletion is recorded"])]
    .join("\n  ")
    .concat("\n");
}

function conversations({ length }: readonly Erasure[]): string {
  return length === 1 ? "1 conversation" : `${length} conversations`;
}
