import pMap from "p-map";
import { readEvent } from "../../../../handlers/call/event.ts";
import { kindAt } from "../../../../handlers/call/keys.ts";
import { isKnown, kindOfType } from "../../../../handlers/call/kinds/registry.ts";
import { OTHER, QUARANTINE } from "../../../../handlers/call/kinds/unrouted.ts";
import type { Archive, ObjectHead } from "../../../../handlers/clients/archive/archive.ts";
import { receivedAt } from "../../../../handlers/process/object-record.ts";
import { secondsSince, statedTimes } from "../../../../handlers/receive/signature.ts";
import { durationOf } from "../../../local/duration.ts";
import type { RedriveItem } from "./redrive-queue.ts";

/** Limits memory: whole objects are read, and some are large. */
const READS_AT_ONCE = 4;

/** The same words as in `readEvent`. */
const UNKNOWN = "the type is not known to this version";

type ArchiveReader = Pick<Archive, "get" | "head" | "list">;

/**
 * Returns `dead` and all unrouted and quarantined objects, by key. One that is also a dead letter is listed as that
 * only.
 */
export async function withHeldObjects(
  dead: readonly RedriveItem[],
  archive: ArchiveReader,
): Promise<readonly RedriveItem[]> {
  const deadKeys = new Set(dead.map(({ key }) => key));
  const keys: string[] = [];
  for (const prefix of [OTHER, QUARANTINE]) {
    for await (const { key } of archive.list(prefix)) {
      if (kindAt(key)?.role === "alone" && !deadKeys.has(key)) keys.push(key);
    }
  }
  const itemsOf = (key: string) => (key.startsWith(OTHER) ? unrouted(key, archive) : quarantined(key, archive));
  const held = await pMap(keys, itemsOf, { concurrency: READS_AT_ONCE });
  return [...dead, ...held.flat()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

async function unrouted(key: string, archive: ArchiveReader): Promise<RedriveItem[]> {
  const object = await archive.get(key);
  if (!object) return [];
  const event = readEvent(object.body);
  const reason = `unrouted: ${isKnown(event) ? "this version understands it" : event.reason}`;
  return [{ key, kind: "unrouted", state: isKnown(event) ? "failed" : "unknown", reason, ...waiting(object) }];
}

/** Reads only the key and the metadata. The bytes are read when the object is sent. */
async function quarantined(key: string, archive: ArchiveReader): Promise<RedriveItem[]> {
  const head = await archive.head(key);
  if (!head) return [];
  const [type = ""] = key.slice(QUARANTINE.length).split("/");
  const isTypeKnown = kindOfType(type) !== undefined;
  const reason = `quarantined: ${signatureAge(head)}${isTypeKnown ? "" : `; ${UNKNOWN}`}`;
  return [{ key, kind: "quarantined", state: isTypeKnown ? "failed" : "unknown", reason, ...waiting(head) }];
}

function waiting(head: ObjectHead): Pick<RedriveItem, "attempts" | "since"> {
  return { attempts: null, since: receivedAt(head).toISOString() };
}

/** The time between the signature and the receipt. Of several signature times, the nearest counts. */
function signatureAge(head: ObjectHead): string {
  const late = secondsSince(statedTimes(head.metadata["elevenlabs-signature"]), receivedAt(head));
  if (late === undefined) return "no signature is on record";
  return `signed ${durationOf(Math.abs(late))} ${late < 0 ? "after" : "before"} it was received`;
}
