import type { RawKey } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import type { Provenance } from "../call/rows/provenance.ts";
import type { ObjectHead } from "../clients/archive/archive.ts";
import type { ConversationIndex, ObjectRecord } from "./conversation-index.ts";

/** The provenance of an object, from its record, and what is on record beside it in the `index`. */
export function provenanceOf(
  from: {
    readonly name: RawKey;
    readonly object: Pick<ObjectHead, "key" | "size">;
    readonly record: ObjectRecord;
  },
  index: Pick<ConversationIndex, "conversation" | "objects">,
): Provenance {
  const { name, object, record } = from;
  const audioKey = deliveredAudioKey(index.conversation);
  const fields = index.objects[audioKey]?.fields;
  return {
    key: object.key,
    caller: name.caller ?? "",
    bytes: object.size,
    sha256: record.sha256,
    receivedAt: new Date(record.received_at),
    source: record.source,
    ...(fields && { besides: { key: audioKey, fields } }),
  };
}
