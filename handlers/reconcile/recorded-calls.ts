import { recordings } from "../../queries/tables/recordings.ts";
import { dayFolder, nameInLiveKey } from "../../queries/tables/table.ts";
import { utcDate } from "../../queries/tables/utc-date.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import { type Log, reasonOf } from "../clients/observability/log.ts";

/** Calls that are checked at the same time may be of two days. */
const DAYS_KEPT = 2;

/**
 * Returns whether a call has a live object in the table `recordings`. The processor writes that object after the index
 * contains the call and after its MP3 is stored, and deletes it if the MP3 is gone or the call is erased.
 *
 * Lists each day once, when its first call is asked for: one request for a thousand calls, where a check of each call
 * takes two. Nothing is remembered between runs, so use one function for each run. It holds the ids of two days, less
 * than 200 bytes for each call: conversations are listed in the order of time. If a day cannot be listed, none of its
 * calls counts as recorded.
 */
export function recordedCalls(rows: Pick<Archive, "list">, log: Log) {
  const days = new Map<string, Promise<ReadonlySet<string>>>();

  async function namesOf(day: string): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    try {
      for await (const { key } of rows.list(dayFolder(recordings.name, "live", day))) names.add(nameInLiveKey(key));
      return names;
    } catch (error) {
      log({ event: "recordings not listed", day, reason: reasonOf(error) });
      return new Set();
    }
  }

  return async ({ conversationId, startedAt }: ListedConversation): Promise<boolean> => {
    if (!startedAt) return false;
    const day = utcDate(startedAt);
    const names = days.get(day) ?? namesOf(day);
    days.set(day, names);
    for (const other of [...days.keys()].slice(0, -DAYS_KEPT)) days.delete(other);
    return (await names).has(slugged(conversationId));
  };
}
