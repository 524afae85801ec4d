import { sha256 } from "../call/digest.ts";
import { parsedKey } from "../call/keys.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { streamedSha256 } from "../clients/archive/streamed-sha256.ts";
import { isCallGone } from "../process/call-keys.ts";
import type { ConversationIndex, ObjectRecord } from "../process/conversation-index.ts";
import { damageOf } from "../process/damage.ts";
import { isSameUpload } from "../process/object-record.ts";
import type { CheckDepth } from "./reconcile-deps.ts";

/** The state of a call that is on record. `damaged` has the object, so that it can be replaced on condition. */
export type CallState =
  | { readonly state: "present" | "gone" }
  | { readonly state: "damaged"; readonly object: Pick<ObjectHead, "key" | "etag">; readonly what: string };

const PRESENT: CallState = { state: "present" };

/** Returns whether the JSON of a call on record exists and is undamaged. Bytes that a person uploaded are undamaged. */
export async function callState(
  index: ConversationIndex,
  depth: CheckDepth,
  archive: Pick<Archive, "head" | "get" | "stream">,
): Promise<CallState> {
  if (depth === "index") return PRESENT;
  const key = index.home?.key ?? "";
  const head = key === "" ? undefined : await archive.head(key);
  if (!head) return (await isCallGone(index, archive)) ? { state: "gone" } : PRESENT;
  if (depth === "head" || (await isOnRecord(head, index.objects[key], depth, archive))) return PRESENT;

  const [name, object] = [parsedKey(key), await archive.get(key)];
  if (!name || !object) return PRESENT;
  const what = damageOf(name, object, sha256(object.body), index.objects[key]);
  return what === undefined ? PRESENT : { state: "damaged", object, what };
}

/** Whether the object is the one that was processed. An object that is not on record is not processed yet. */
async function isOnRecord(
  { key, version }: ObjectHead,
  record: ObjectRecord | undefined,
  depth: CheckDepth,
  archive: Pick<Archive, "stream">,
): Promise<boolean> {
  if (!record) return false;
  return depth === "bytes" ? (await streamedSha256(archive, key)) === record.sha256 : isSameUpload(record, version);
}
