import type { DeliveredEvent } from "../call/event.ts";
import { AUDIO_FIELDS } from "../call/fields/audio-fields.ts";
import { fieldsWithoutColumn } from "../call/rows/unknown-field-rows.ts";
import type { ObjectRecord } from "./conversation-index.ts";

/** Limits of the index: it is read and written with every object of a conversation. */
const [MAX_FIELDS, MAX_PATH] = [50, 200];

/**
 * The fields without a column of an audio event, for its record in the index; `undefined` if there are none. The event
 * has no rows, and may be processed before its call, so the rows of the call list these fields.
 */
export function fieldsOnRecord(event: DeliveredEvent): ObjectRecord["fields"] {
  if (event.kind !== "audio") return undefined;
  const fields = fieldsWithoutColumn(event, AUDIO_FIELDS()).slice(0, MAX_FIELDS);
  return fields.length === 0 ? undefined : fields.map((each) => ({ ...each, field: each.field.slice(0, MAX_PATH) }));
}
