import type { RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import type { ConversationIndex, ObjectRecord } from "../process/conversation-index.ts";
import { isSameUpload } from "../process/object-record.ts";
import { type ArchiveProblem, byHand, repairable } from "./archive-finding.ts";
import { GRACE_MS, type Subject } from "./verify-deps.ts";

/** What is wrong if not all of an object is on record as done, or not of these bytes. */
export function unprocessed(
  { version }: Pick<ObjectHead, "version">,
  sha256: string,
  record: ObjectRecord | undefined,
  remaining: readonly Step[],
): ArchiveProblem[] {
  if (!record) return [repairable("unprocessed", "is not on record: it was never processed")];
  if (record.sha256 !== sha256) {
    return [repairable("unprocessed", "has other bytes than those on record: it was changed and not processed since")];
  }
  if (remaining.length === 0) return [];
  if (!isSameUpload(record, version)) {
    return [repairable("unprocessed", `was uploaded again, and not processed since: ${remaining.join(", ")}`)];
  }
  const steps = remaining.map((step) => {
    const reason = record.failed?.[step];
    return reason === undefined ? step : `${step} (${reason})`;
  });
  return [repairable("unprocessed", `is not done: ${steps.join(", ")}`)];
}

/** How long the last request for a recording may be overdue: the reconciler comes by the hour. */
const LAST_FETCH_GRACE_MS = 3 * 60 * 60 * 1000;

/** What is to be known of a call that waits for its recording, and is fetched until `lastFetch`. */
export function waiting(index: ConversationIndex, lastFetch: Date, now: Date): ArchiveProblem[] {
  const lastAttempt = `ElevenLabs was last asked at ${index.recording?.asked_at ?? "a time that is not on record"}`;
  if (lastFetch.getTime() + LAST_FETCH_GRACE_MS < now.getTime())
    return [repairable("unprocessed", `still waits for its recording, a day after the call; ${lastAttempt}`)];
  const remedy = `nothing: the archive asks again until ${lastFetch.toISOString()}`;
  return [byHand("waiting recording", `waits for its recording; ${lastAttempt}`, remedy)];
}

/** Whether the rows of the conversation are those of this object. Another one may have taken its place, or should. */
export function hasTheRows({ kind }: RawKey, key: string, { home }: ConversationIndex): boolean {
  const { role } = KINDS[kind];
  if (role === "call") return home?.key === key;
  return role === "alone" || (role === "attempt" && !home);
}

/**
 * What is wrong with what is on record of the conversation, given that the object itself is. `day` is what its rows'
 * day should be, `undefined` if it has none.
 */
export async function checkRecord(
  { name, object, index, remaining }: Subject,
  day: string | undefined,
  archive: Pick<Archive, "head">,
): Promise<ArchiveProblem[]> {
  const { home, days, lease } = index;
  // Whoever has it now is found out before anything is said: see verify-object.ts.
  if (lease && remaining.length === 0) {
    return [repairable("lease", `is under a lease that ran out at ${lease.until}: who had it died at work`)];
  }
  if (KINDS[name.kind].role === "call" && home?.key !== object.key) {
    const isTwice = home !== undefined && (await archive.head(home.key)) !== undefined;
    if (!isTwice) return [repairable("record", "is not where its conversation lives by the index")];
    const remedy = "compare the two, move the wrong one out of the archive, then process the other again";
    return [byHand("record", `holds the same conversation as ${home.key}, of which the rows are`, remedy)];
  }
  const areRight = day === undefined || (days.length === 1 && days[0] === day && (!home || home.day === day));
  if (areRight) return [];
  return [repairable("record", `began on ${day}, and its index says ${days.join(", ") || "no day"}`)];
}

/** Whether somebody works on the conversation, or did until a moment ago. */
export function isLeased({ lease }: ConversationIndex, now: Date): boolean {
  return lease !== undefined && Date.parse(lease.until) + GRACE_MS > now.getTime();
}
