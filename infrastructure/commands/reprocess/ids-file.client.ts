import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { conversationIdsIn, NoConversationIds } from "../../../handlers/reprocess/conversation-ids.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/**
 * Reads the ids of conversations from `file`, or from `stdin` if it is `-`.
 *
 * @throws WrongUsage if there are none.
 */
export async function idsIn(file: string, stdin: NodeJS.ReadableStream): Promise<readonly string[]> {
  try {
    return conversationIdsIn(file === "-" ? await text(stdin) : await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof NoConversationIds) throw new WrongUsage(`--ids ${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
