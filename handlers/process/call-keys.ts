import { kindAt } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { ConversationIndex } from "./conversation-index.ts";

/**
 * Where the JSON of a conversation may be by its index: the call, or while there is none the attempt, or what was set apart.
 * Empty if only audio came.
 */
export function callKeys({ home, objects }: ConversationIndex): string[] {
  const roleOf = (key: string) => kindAt(key)?.role;
  const ofObjects = Object.keys(objects).filter((key) => roleOf(key) !== "beside");
  const keys = new Set([...(home ? [home.key] : []), ...ofObjects]);
  const calls = [...keys].filter((key) => roleOf(key) === "call");
  return calls.length > 0 ? calls : [...keys];
}

/** Whether the JSON of a conversation was here by its index, and is there no longer. One request where it is there. */
export async function isCallDeleted(index: ConversationIndex, archive: Pick<Archive, "head">): Promise<boolean> {
  const keys = callKeys(index);
  for (const key of keys) if (await archive.head(key)) return false;
  return keys.length > 0;
}
