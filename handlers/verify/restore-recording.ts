import { readEvent } from "../call/event.ts";
import { mp3Key } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { isKnown } from "../call/kinds/registry.ts";
import type { Archive, StoredObject } from "../clients/archive/archive.ts";
import { decodableRecording, type Recording } from "../process/recording.ts";

/**
 * Restores the recording beside the transcription at `key` from its delivery, if the delivered bytes are those that
 * were stored. Only the bytes of the MP3 change. A second run changes nothing.
 */
export async function restoreRecording(key: string, archive: Pick<Archive, "get" | "head" | "put">): Promise<void> {
  const [call, mp3] = [await archive.get(key), await archive.head(mp3Key(key))];
  if (!call || !mp3) return;
  const recording = carriedIn(call) ?? (await deliveredWith(call, archive));
  if (!recording || recording.sha256 !== mp3.metadata["sha256"]) return;
  const { metadata, etag } = mp3;
  const options = { metadata, contentType: "audio/mpeg", only: { ifMatch: etag } };
  await archive.put(mp3.key, recording.body, options);
}

async function deliveredWith({ body }: StoredObject, archive: Pick<Archive, "get">): Promise<Recording | undefined> {
  const { conversationId } = readEvent(body);
  const delivery = conversationId === null ? undefined : await archive.get(deliveredAudioKey(conversationId));
  return delivery && carriedIn(delivery);
}

function carriedIn({ body }: StoredObject): Recording | undefined {
  const event = readEvent(body);
  return isKnown(event) ? decodableRecording(event, body, "embedded") : undefined;
}
