import { dirname } from "node:path/posix";
import type { DeliveredEvent } from "../call/event.ts";
import { type RawKey, rawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import { expectedEvent } from "../process/expected-event.ts";
import { Unprocessable } from "../process/unprocessable.ts";
import { type ArchiveProblem, byHand } from "./archive-finding.ts";
import { isEarlierFolder } from "./earlier-folder.ts";

interface EventAtKey {
  /** `undefined` if the object is at a wrong key. */
  readonly event?: DeliveredEvent;
  readonly problems: readonly ArchiveProblem[];
}

/** The event in the object, and what is wrong with its key. */
export function eventAtKey(
  name: RawKey,
  { key, body }: StoredObject,
  defaultCountryCode: DefaultCountryCode,
): EventAtKey {
  try {
    const event = expectedEvent(name, body);
    const itsKey = KINDS[name.kind].isRouted ? rawKey(event, body, defaultCountryCode) : key;
    if (itsKey === key) return { event, problems: [] };
    if (isKnown(event) && isEarlierFolder(name.caller, event)) {
      const nothing = `nothing: new calls of this caller go to ${dirname(itsKey)}/, and reprocessing moves the memories`;
      return { event, problems: [byHand("earlier folder", "is where an earlier rule filed this caller", nothing)] };
    }
    const remedy = `move it to ${itsKey}; if that exists, compare the two first`;
    return { problems: [byHand("misfiled", "contains a call of another caller", remedy)] };
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error;
    const remedy = "move it to the key that fits its content, or out of the archive";
    return { problems: [byHand("misfiled", `does not fit its key: ${error.message}`, remedy)] };
  }
}
