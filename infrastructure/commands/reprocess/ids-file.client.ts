import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { conversationIdsIn, NoConversationIds } from "../../../handlers/reprocess/conversation-ids.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/**
 * Reads the ids of conversations from `file`, or from `stdin` if it is `-`.
 *
 * @throws WrongUsage if there are none, or the file cannot be read.
 */
export async function idsIn(file: string, stdin: NodeJS.ReadableStream): Promise<readonly string[]> {
  try {
    return conversationIdsIn(file === "-" ? await text(stdin) : await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof NoConversationIds) throw new WrongUsage(`--ids ${file}: ${error.message}`, { cause: error });
    if (error instanceof Error && "syscall" in error)
      throw new WrongUsage(
        `--ids ${file} must be a file that can be read, or - for standard input (${error.message})`,
        {
          cause: error,
        },
      );
    throw error;
  }
}
