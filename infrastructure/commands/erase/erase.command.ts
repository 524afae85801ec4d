import type { ErasureOf } from "../../../handlers/erase/erasure.ts";
import { defineCommand } from "../toolkit/command.ts";
import { CALLER, CONVERSATION, REASON, STACK, YES } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What to erase, and why. */
export interface EraseRequest {
  readonly of: ErasureOf;
  readonly reason: string;
  readonly yes: boolean;
  readonly stack: string | undefined;
}

/** `npm run erase`. */
export const erase = defineCommand({
  name: "erase",
  summary: "Erases a conversation, or all conversations of a caller, and records the reason in their indexes.",
  addOptions: (command) =>
    command.addOption(CONVERSATION).addOption(CALLER).addOption(REASON).addOption(YES).addOption(STACK),
  details: `Requires --reason, and either --conversation or --caller. If an archive runs in the folder, stop it first.

Removes the JSON, the recording, delivered audio, unrouted and quarantined objects with the same id, rows,
and memories (in Mem0 with MEM0_API_KEY or the stack's own key, else in the folder). The index remains: it
contains key names, dates and hashes, and prevents backfill from fetching the call again. If the command was
stopped, run it again to finish.

Closed days and packed hours still have the rows until the compactor runs (npm run compact), and an earlier pack
remains for an hour after that, because a query may be reading it.

ElevenLabs still has the calls, and a bucket still has earlier versions of its objects: see "Erasing a
caller" in docs/operating.md.`,
  examples: [
    '--conversation conv_1 --reason "request 4711"',
    '--caller +16125550100 --reason "request 4711" --stack CallArchive',
  ],
  exit: { 0: "everything was erased", 1: "something is left; the output names it" },
  read({ caller, yes, stack, ...words }): EraseRequest {
    const conversation = words.conversation?.trim();
    const reason = words.reason?.trim();
    if (!conversation === !caller) throw new WrongUsage("Add what to erase: either --conversation ID or --caller C");
    if (caller && !/^[A-Za-z0-9-][A-Za-z0-9_-]*$/.test(caller))
      throw new WrongUsage(`--caller ${caller} is not a phone number or the name of a caller's folder`);
    if (!reason) throw new WrongUsage('Add the reason: --reason "…". It is recorded in the index');
    return { of: conversation ? { conversation } : { caller: caller ?? "" }, reason, yes, stack };
  },
  load: async () => (await import("./run-erase.ts")).runErase,
});
