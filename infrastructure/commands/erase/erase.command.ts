import type { ErasureOf } from "../../../handlers/erase/erasure.ts";
import { defineCommand } from "../toolkit/command.ts";
import { CALLER, CONVERSATION, REASON, STACK, YES } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What is to be erased. */
export interface EraseRequest {
  readonly of: ErasureOf;
  readonly reason: string;
  readonly yes: boolean;
  readonly stack: string | undefined;
}

/** `npm run erase`. */
export const erase = defineCommand({
  name: "erase",
  summary:
    "Erases a conversation, or all conversations of a caller, and records in their indexes that this was on purpose.",
  words: (command) =>
    command.addOption(CONVERSATION).addOption(CALLER).addOption(REASON).addOption(YES).addOption(STACK),
  details: `One of --conversation and --caller, and --reason, must be given.

Removes the JSON, the recording, delivered audio, bodies that were set apart under the same id, rows, and memories
(in Mem0 with MEM0_API_KEY or the stack's own key, else in the folder). The index stays: it holds key names, dates and
hashes, and keeps backfill from fetching the call again. Run it again to finish what was cut off. An archive that runs in
the folder is to be stopped first. At ElevenLabs, and in earlier versions of a bucket's objects, calls remain:
see "Erasing a caller" in docs/operating.md.`,
  examples: [
    '--conversation conv_1 --reason "asked for"',
    '--caller +16125550100 --reason "asked for" --stack CallArchive',
  ],
  exit: { 0: "done", 1: "something is left (it says what)" },
  read({ caller, yes, stack, ...words }): EraseRequest {
    const conversation = words.conversation?.trim();
    const reason = words.reason?.trim();
    if (!conversation === !caller) throw new WrongUsage("say what to erase: --conversation ID or --caller C");
    if (caller && !/^[A-Za-z0-9-][A-Za-z0-9_-]*$/.test(caller))
      throw new WrongUsage(`--caller ${caller} is no caller's folder`);
    if (!reason) throw new WrongUsage('say why: --reason "…" is recorded in the index');
    return { of: conversation ? { conversation } : { caller: caller ?? "" }, reason, yes, stack };
  },
  load: async () => (await import("./run-erase.ts")).runErase,
});
