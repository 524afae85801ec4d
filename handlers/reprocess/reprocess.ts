import { parsedKey } from "../call/keys.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive.ts";
import { readIndex } from "../process/conversation-index.ts";

/** Which objects to process again. What is not said does not restrict. */
export interface Selection {
  /** The caller's folder. */
  readonly caller?: string | undefined;
  readonly conversation?: string | undefined;
  /** First and last UTC date of the call's start, `YYYY-MM-DD`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The keys of the transcriptions, failures and what was set apart in `selection`, in order. `renew` each to have it processed again.
 *
 * A call that was never processed has no date on record: it is in every range, since it lacks processing anyway.
 */
export async function* selectedObjects(
  archive: Pick<Archive, "list" | "get">,
  { caller, conversation, from, to }: Selection,
): AsyncGenerator<string> {
  const wanted = conversation === undefined ? undefined : slugged(conversation);
  for await (const { key } of archive.list(caller === undefined ? "" : `${caller}/`)) {
    const name = parsedKey(key);
    if (!name || name.kind === "audio" || (wanted !== undefined && name.conversation !== wanted)) continue;
    if (from === undefined && to === undefined) yield key;
    else if (isWithin(await daysOf(archive, name.conversation), from, to)) yield key;
  }
}

async function daysOf(archive: Pick<Archive, "get">, conversation: string): Promise<readonly string[]> {
  return (await readIndex(archive, conversation)).index.days;
}

function isWithin(days: readonly string[], from = "", to = "9999"): boolean {
  return days.length === 0 || days.some((day) => day >= from && day <= to);
}
