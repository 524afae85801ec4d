import { kindAt } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { ConversationIndex } from "./conversation-index.ts";

/**
 * The keys of the JSON of a conversation, according to its index: of the call, or without a call, of the attempt or of
 * the unrouted object. Empty if only audio arrived.
 */
export function callKeys({ home, objects }: ConversationIndex): string[] {
  const roleOf = (key: string) => kindAt(key)?.role;
  const ofObjects = Object.keys(objects).filter((key) => roleOf(key) !== "beside");
  const keys = new Set([...(home ? [home.key] : []), ...ofObjects]);
  const calls = [...keys].filter((key) => roleOf(key) === "call");
  return calls.length > 0 ? calls : [...keys];
}

/** Whether the JSON of a conversation is in its index but no longer in the archive. One request if it is there. */
export async function isCallGone(index: ConversationIndex, archive: Pick<Archive, "head">): Promise<boolean> {
  const keys = callKeys(index);
  for (const key of keys) if (await archive.head(key)) return false;
  return keys.length > 0;
}
