import { callerOf } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import type { Memory } from "../clients/memory/memories.ts";
import { memoriesOf } from "../process/call-memories.ts";
import { type ArchiveProblem, repairable } from "./archive-finding.ts";
import type { Subject, VerifyDeps } from "./verify-deps.ts";

/**
 * Compares the recorded memories of a call with the expected ones: their user, and that they were added. The stored
 * memories can be read at no cost, and are compared, too. The memory service is not queried. Returns the number of
 * memories if all is well.
 */
export async function checkMemories(
  { event, index }: Subject<KnownEvent>,
  { memories: store, defaultCountryCode }: Pick<VerifyDeps, "memories" | "defaultCountryCode">,
): Promise<{ readonly problems: readonly ArchiveProblem[]; readonly memories: number }> {
  const { memoryUserId } = callerOf(event, defaultCountryCode);
  const expected = memoryUserId === null ? [] : memoriesOf(event, memoryUserId);
  const refused = index.memory?.refused ?? [];
  const userId = expected.length === 0 ? null : memoryUserId;
  const stored = expected.filter(({ type }) => !refused.includes(type));
  const wrong = difference(userId, index.memory) ?? (await differenceIn(store, userId, event, stored));
  return wrong ? { problems: [repairable("memory", wrong)], memories: 0 } : { problems: [], memories: stored.length };
}

async function differenceIn(
  store: VerifyDeps["memories"],
  userId: string | null,
  { conversationId }: KnownEvent,
  expected: readonly Memory[],
): Promise<string | undefined> {
  if (!store || userId === null || (await store.areExactly(expected, userId, conversationId))) return undefined;
  return "has other memories than processing would write now: some are missing, damaged or surplus";
}

/**
 * What is wrong with the recorded memories. Contains no number and no name of a person, because findings are shown and
 * stored.
 */
function difference(userId: string | null, record: Subject["index"]["memory"]): string | undefined {
  if (record?.state === "adding") return "has memories that may or may not have been added, by its index";
  if (userId === null) return record && "has memories by its index, but should have none";
  if (!record) return "has no memories by its index";
  const isOfCaller = record.user_ids.length === 1 && record.user_ids[0] === userId;
  return isOfCaller ? undefined : "has memories under other users than its caller, by its index";
}
