import { pMapIterable } from "p-map";
import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { indexKey, parsedKey } from "../call/keys.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { readIndex } from "../process/conversation-index.ts";
import type { Verified } from "./archive-finding.ts";
import { verifyOther } from "./orphans.ts";
import { type Attempt, attemptCheck, unlessAllFail } from "./unless-all-fail.ts";
import { verifyDays } from "./verify-day.ts";
import type { VerifyDeps } from "./verify-deps.ts";
import { verifyObject } from "./verify-object.ts";

/** Which objects to verify. An absent field does not restrict. */
export interface VerifySelection {
  /** The caller's folder. */
  readonly caller?: string | undefined;
  readonly conversation?: string | undefined;
  /** First and last UTC date of the call's start, `YYYY-MM-DD`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * How many objects are in memory at once. Each may contain a recording of tens of megabytes, and is compared with its
 * rows.
 */
const AT_ONCE = 16;

/** Checks objects, and returns the results in their order. */
export type CheckObjects = (
  objects: Iterable<{ readonly key: string }> | AsyncIterable<{ readonly key: string }>,
) => AsyncIterable<Attempt>;

/** Returns a function that checks those objects that are in a selection, `atOnce` at a time. */
export function checkHere(selection: VerifySelection, deps: VerifyDeps, atOnce = AT_ONCE): CheckObjects {
  const isSelected = isSelection(selection);

  async function verifyKey(key: string): Promise<Verified | undefined> {
    const name = parsedKey(key);
    if (!name) return isSelected ? undefined : verifyOther(key, deps);
    const isSelectedCall = await isWithin(name.conversation, selection, deps.archive);
    return isSelectedCall ? verifyObject(key, name, deps) : undefined;
  }

  const attempt = ({ key }: { readonly key: string }) => attemptCheck(key, () => verifyKey(key));
  return (objects) => pMapIterable(objects, attempt, { concurrency: atOnce });
}

/** Whether some objects are not selected. */
function isSelection(selection: VerifySelection): boolean {
  return Object.values(selection).some((each) => each !== undefined);
}

/**
 * Verifies each object in the archive in the order of keys, and then each day. With a selection, only calls, attempts,
 * audio and unrouted deliveries are verified: objects that belong to no call are in no selection. Only a few objects
 * are in memory at a time. One that cannot be verified is a finding. `check` checks the objects.
 *
 * @throws the reason, if no object can be verified.
 */
export async function* verifyArchive(
  selection: VerifySelection,
  deps: VerifyDeps,
  check: CheckObjects = checkHere(selection, deps),
): AsyncGenerator<Verified> {
  const { caller } = selection;
  yield* unlessAllFail(check(deps.archive.list(caller === undefined ? "" : `${caller}/`)));
  if (!isSelection(selection)) yield* verifyDays(deps);
  if (selection.conversation !== undefined) yield* verifyIndexOf(selection.conversation, deps);
}

/** Yields what is wrong with the index of a selected conversation: that its call was lost, or deleted. */
async function* verifyIndexOf(conversation: string, deps: VerifyDeps): AsyncGenerator<Verified> {
  const found = await verifyOther(indexKey(conversation), deps);
  if (found.findings.length > 0) yield found;
}

/** Verifies the objects at these keys in the same way. */
export async function* verifyObjects(keys: Iterable<string>, deps: VerifyDeps): AsyncGenerator<Verified> {
  function verifyKey(key: string) {
    const name = parsedKey(key);
    return name ? verifyObject(key, name, deps) : verifyOther(key, deps);
  }
  const attempt = (key: string) => attemptCheck(key, () => verifyKey(key));
  yield* unlessAllFail(pMapIterable(keys, attempt, { concurrency: AT_ONCE }));
}

/** Whether a conversation is selected. A call that was never processed has no day on record, and is in every range. */
async function isWithin(
  conversation: string,
  selection: VerifySelection,
  archive: Pick<Archive, "get">,
): Promise<boolean> {
  const { conversation: selected, from = "", to = "9999" } = selection;
  if (selected !== undefined && conversation !== slugged(selected)) return false;
  if (selection.from === undefined && selection.to === undefined) return true;
  const { hours } = (await readIndex(archive, conversation)).index;
  return hours.length === 0 || hours.map(dateOfHour).some((day) => day >= from && day <= to);
}
