import { callerOf } from "../call/caller.ts";
import type { KnownEvent } from "../call/event.ts";
import { memoriesOf } from "../process/memories-of.ts";
import { type Problem, repairable } from "./finding.ts";
import type { Subject } from "./verifying.ts";

/**
 * Compares what is on record of a call's memories with what is to be remembered: under whom, and that it was added.
 * Whoever keeps the memories is not asked. Answers how many they are if all is well, too.
 */
export function checkedMemories({ event, index }: Subject<KnownEvent>): {
  readonly problems: readonly Problem[];
  readonly memories: number;
} {
  const { memoryUserId } = callerOf(event);
  const expected = memoryUserId === null ? [] : memoriesOf(event, memoryUserId);
  const wrong = difference(expected.length === 0 ? null : memoryUserId, index.memory);
  if (wrong) return { problems: [repairable("memory", wrong)], memories: 0 };
  return { problems: [], memories: expected.length - (index.memory?.refused?.length ?? 0) };
}

/** Nobody's number or name is in it: findings are shown and kept. */
function difference(userId: string | null, record: Subject["index"]["memory"]): string | undefined {
  if (record?.state === "adding") return "is being remembered by its index, and nobody says how that ended";
  if (userId === null) return record && "is remembered by its index, and nothing of it is to be";
  if (!record) return "is not remembered by its index";
  const isHis = record.user_ids.length === 1 && record.user_ids[0] === userId;
  return isHis ? undefined : "is remembered under other people by its index than under its caller";
}
