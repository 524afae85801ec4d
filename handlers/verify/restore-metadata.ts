import { sha256 } from "../call/digest.ts";
import { mp3Key, parsedKey } from "../call/keys.ts";
import { KINDS } from "../call/kinds/registry.ts";
import { type Archive, type ObjectHead, REDO, type StoredObject } from "../clients/archive/archive.ts";
import { type ObjectRecord, readIndex } from "../process/conversation-index.ts";
import { verifySignature } from "../receive/signature.ts";

/** What restoring needs from outside. */
export interface RestoreMetadataDeps {
  readonly archive: Pick<Archive, "get" | "head" | "stream" | "put">;
  readonly secrets: () => Promise<readonly string[]>;
}

/**
 * Restores the damaged metadata of the object at `key` and of the MP3 beside it. Puts the same bytes with what the
 * index and the damaged text still have. An object that is not proven to be the recorded one is left unchanged. A
 * second run changes nothing.
 */
export async function restoreMetadata(key: string, deps: RestoreMetadataDeps): Promise<void> {
  const object = await deps.archive.get(key);
  const name = parsedKey(key);
  if (!object || !name) return;
  const mp3 = KINDS[name.kind].expects.recording === "beside it" ? await deps.archive.head(mp3Key(key)) : undefined;
  if (mp3?.damagedMetadata !== undefined && mp3.metadata["sha256"] !== undefined) await rePut(mp3, deps.archive);
  if (object.damagedMetadata === undefined) return;
  const record = (await readIndex(deps.archive, name.conversation)).index.objects[key];
  if (record?.sha256 !== sha256(object.body)) return;
  const metadata = metadataOf(record, await knownSignature(object, deps.secrets));
  await deps.archive.put(key, object.body, {
    only: { ifMatch: object.etag },
    metadata,
    contentType: "application/json",
  });
}

/**
 * Returns the signature of an object: the one in its metadata, or one in its damaged metadata that is valid over its
 * bytes.
 */
export async function knownSignature(
  { body, metadata, damagedMetadata = "" }: StoredObject,
  secrets: () => Promise<readonly string[]>,
): Promise<string | undefined> {
  const kept = metadata["elevenlabs-signature"];
  if (kept !== undefined) return kept;
  const [found] = /t=\d{1,12},v0=[0-9a-f]{64}/.exec(damagedMetadata) ?? [];
  if (found === undefined) return undefined;
  const { outcome } = verifySignature(found, body, await secrets(), new Date(0), 0);
  return outcome === "refused" ? undefined : found;
}

/**
 * The restored metadata. Only a webhook's object is known to be done by its bytes alone; others get `redo: none`, so
 * that no step is repeated.
 */
function metadataOf({ source, received_at }: ObjectRecord, signature: string | undefined): Record<string, string> {
  return {
    ...(source !== "re-upload" && { source }),
    ...(source !== "webhook" && { [REDO]: "none" }),
    "received-at": received_at,
    ...(signature !== undefined && { "elevenlabs-signature": signature }),
  };
}

async function rePut({ key, etag, metadata }: ObjectHead, archive: RestoreMetadataDeps["archive"]): Promise<void> {
  const body = await archive.stream(key);
  if (body) await archive.put(key, body, { only: { ifMatch: etag }, metadata, contentType: "audio/mpeg" });
}
