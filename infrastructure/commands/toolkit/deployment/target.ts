import type { ObjectHead } from "../../../../handlers/clients/archive/archive.ts";
import type { Deployment } from "./deployment.ts";

/** An archive to which deliveries can be posted, to see what becomes of them. */
export interface Target extends Deployment {
  readonly url: string;
  /** Empty where none is known. */
  readonly secret: string;
}

/** `deployment`, posted to at `url`, or else where ElevenLabs posts to. */
export async function targetAt(deployment: Deployment, url = deployment.webhookUrl() ?? ""): Promise<Target> {
  const [secret = ""] = await deployment.webhookSecrets();
  return { ...deployment, url, secret };
}

/** An object of the archive, and where S3 keeps it. */
export interface StoredObjectInfo extends ObjectHead {
  readonly storageClass: string;
}

/** The object at `key` of the archive, if it is there. */
export async function storedObjectInfo(
  key: string,
  { archive, storageClass }: Pick<Target, "archive" | "storageClass">,
): Promise<StoredObjectInfo | undefined> {
  const head = await archive.head(key);
  return head && { ...head, storageClass: await storageClass(key) };
}

/** What a delivery leaves: objects of the archive, objects of the analytics, memories of these users. */
interface ObjectTraces {
  readonly keys: readonly string[];
  readonly rowKeys: readonly string[];
  readonly conversation: string;
  readonly userIds: readonly string[];
}

/** Takes all of it away, every version. */
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
