import type { ObjectHead } from "../../../../handlers/clients/archive/archive.ts";
import type { Deployment } from "./deployment.ts";

/** An archive that test deliveries can be posted to. */
export interface Target extends Deployment {
  readonly url: string;
  /** Empty if none is known. */
  readonly secret: string;
}

/** Returns `deployment` with its secret and `url`. Default: the address that ElevenLabs posts to. */
export async function targetAt(deployment: Deployment, url = deployment.webhookUrl() ?? ""): Promise<Target> {
  const [secret = ""] = await deployment.webhookSecrets();
  return { ...deployment, url, secret };
}

/** An object of the archive, and its storage class. */
export interface StoredObjectInfo extends ObjectHead {
  readonly storageClass: string;
}

/** Returns the object at `key` of the archive, if it exists. */
export async function storedObjectInfo(
  key: string,
  { archive, storageClass }: Pick<Target, "archive" | "storageClass">,
): Promise<StoredObjectInfo | undefined> {
  const head = await archive.head(key);
  return head && { ...head, storageClass: await storageClass(key) };
}

/** What a delivery leaves: objects in the archive, rows in the analytics, and memories of these users. */
interface ObjectTraces {
  readonly keys: readonly string[];
  readonly rowKeys: readonly string[];
  readonly conversation: string;
  readonly userIds: readonly string[];
}

/** Removes all traces, with every version. */
export async function removeTraces(
  { keys, rowKeys, conversation, userIds }: ObjectTraces,
  { purge, memoryService }: Pick<Target, "purge" | "memoryService">,
): Promise<void> {
  for (const key of keys) await purge("archive", key);
  for (const key of rowKeys) await purge("analytics", key);
  if (userIds.length === 0) return;
  const memories = await memoryService();
  for (const userId of userIds) await memories?.forget(userId, conversation, { inFlight: false });
}
