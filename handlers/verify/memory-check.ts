import { callerOf } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import type { Memory } from "../clients/memory/memories.ts";
import { memoriesOf } from "../process/call-memories.ts";
import { type ArchiveProblem, repairable } from "./archive-finding.ts";
import type { Subject, VerifyDeps } from "./verify-deps.ts";

/**
 * Compares what is on record of a call's memories with what is to be remembered: under whom, and that it was added.
 * Where the memories can be read at no cost, in `store`, they are compared, too; the memory service is not queried. Returns how many
 * they are if all is well.
 */
export async function checkMemories(
  { event, index }: Subject<KnownEvent>,
  store: VerifyDeps["memories"],
): Promise<{ readonly problems: readonly ArchiveProblem[]; readonly memories: number }> {
  const { memoryUserId } = callerOf(event);
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
  return "has other memories than processing would write now: some are missing, damaged or too many";
}

/** Nobody's number or name is in it: findings are shown and kept. */
function difference(userId: string | null, record: Subject["index"]["memory"]): string | undefined {
  if (record?.state === "adding") return "is being remembered by its index, and nobody says how that ended";
  if (userId === null) return record && "is remembered by its index, and nothing of it is to be";
  if (!record) return "is not remembered by its index";
  const isOfCaller = record.user_ids.length === 1 && record.user_ids[0] === userId;
  return isOfCaller ? undefined : "is remembered under other people by its index than under its caller";
}
