import { parsedKey } from "../../../../handlers/call/keys.ts";
import type { Archive } from "../../../../handlers/clients/archive/archive.ts";
import { readIndex } from "../../../../handlers/process/conversation-index.ts";
import { expectedEvent } from "../../../../handlers/process/expected-event.ts";
import { isProcessed } from "../../../../handlers/process/is-processed.ts";
import { isSameUpload } from "../../../../handlers/process/object-record.ts";
import { orUnprocessable, Unprocessable } from "../../../../handlers/process/unprocessable.ts";
import type { RedriveItem } from "./redrive-queue.ts";

/**
 * Returns the present state of an object that was dead-lettered. `reason` is the recorded reason of its last upload,
 * else the problem with its present bytes; `undefined` if there is neither.
 */
export async function objectState(
  key: string,
  archive: Pick<Archive, "get" | "head">,
): Promise<{ readonly state: RedriveItem["state"]; readonly reason: string | undefined }> {
  const name = parsedKey(key);
  const head = name && (await archive.head(key));
  if (!head) return { state: "gone", reason: "gone: the object no longer exists" };
  if (await isProcessed(key, archive)) return { state: "processed", reason: "processed meanwhile" };
  const record = (await readIndex(archive, name.conversation)).index.objects[key];
  const failed = record && isSameUpload(record, head.version) ? Object.entries(record.failed ?? {}) : [];
  if (failed.length > 0) return { state: "failed", reason: failed.map((step) => step.join(": ")).join("; ") };
  const body = (await archive.get(key))?.body;
  const event = body && orUnprocessable(() => expectedEvent(name, body));
  return { state: "failed", reason: event instanceof Unprocessable ? event.message : undefined };
}
