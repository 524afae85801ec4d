import type { RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { type ConversationIndex, hourOfHome, type ObjectRecord } from "../process/conversation-index.ts";
import { isSameUpload } from "../process/object-record.ts";
import { type ArchiveProblem, byHand, repairable } from "./archive-finding.ts";
import { GRACE_MS, type Subject } from "./verify-deps.ts";

/** Returns a problem if an object is not completely processed, or not with these bytes. */
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
    return [repairable("unprocessed", `has a newer upload that is not processed: ${remaining.join(", ")}`)];
  }
  const steps = remaining.map((step) => {
    const reason = record.failed?.[step];
    return reason === undefined ? step : `${step} (${reason})`;
  });
  return [repairable("unprocessed", `is not done: ${steps.join(", ")}`)];
}

/** How long the last request for a recording may be overdue: the reconciler runs every hour. */
const LAST_FETCH_GRACE_MS = 3 * 60 * 60 * 1000;

/**
 * The notice for a call that waits for its recording, which is requested until `lastFetch`; a finding if that is over.
 */
export function waiting(index: ConversationIndex, lastFetch: Date, now: Date): ArchiveProblem[] {
  const lastAttempt = `last requested at ${index.recording?.asked_at ?? "a time that is not on record"}`;
  if (lastFetch.getTime() + LAST_FETCH_GRACE_MS < now.getTime())
    return [repairable("unprocessed", `still waits for its recording, a day after the call; ${lastAttempt}`)];
  const remedy = `nothing: the archive requests it until ${lastFetch.toISOString()}`;
  return [byHand("waiting recording", `waits for its recording; ${lastAttempt}`, remedy)];
}

/** Whether the conversation's rows are those of this object, and not of another one. */
export function hasTheRows({ kind }: RawKey, key: string, { home }: ConversationIndex): boolean {
  const { role } = KINDS[kind];
  if (role === "call") return home?.key === key;
  return role === "alone" || (role === "attempt" && !home);
}

/**
 * Returns what is wrong with the record of a conversation whose object is right. `hour` is the expected hour of its rows,
 * or their day; `undefined` if it has none.
 */
export async function checkRecord(
  { name, object, index, remaining }: Subject,
  hour: string | undefined,
  archive: Pick<Archive, "head">,
): Promise<ArchiveProblem[]> {
  const { home, hours, lease } = index;
  // A lease that is still held makes the result `in work`: see verify-object.ts.
  if (lease && remaining.length === 0) {
    return [repairable("lease", `is under a lease that expired at ${lease.until}: its holder died`)];
  }
  if (KINDS[name.kind].role === "call" && home?.key !== object.key) {
    const isTwice = home !== undefined && (await archive.head(home.key)) !== undefined;
    if (!isTwice) return [repairable("record", "is not at the key that its index records")];
    const remedy = "compare the two, move the wrong one out of the archive, then process the other again";
    return [byHand("record", `has the same conversation as ${home.key}, which has the rows`, remedy)];
  }
  const areRight =
    hour === undefined || (hours.length === 1 && hours[0] === hour && (!home || hourOfHome(home) === hour));
  if (areRight) return [];
  return [repairable("record", `began on ${hour}, but its index records ${hours.join(", ") || "no day"}`)];
}

/** Whether a process holds the lease of the conversation, or did until a moment ago. */
export function isLeased({ lease }: ConversationIndex, now: Date): boolean {
  return lease !== undefined && Date.parse(lease.until) + GRACE_MS > now.getTime();
}
