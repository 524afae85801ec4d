import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { at, text } from "../call/json.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The keys of the objects in a message of S3, decoded.
 *
 * - Keys arrive URL-encoded, with `+` for a space (docs.aws.amazon.com, S3 event message structure, 2026-11).
 * - `s3:TestEvent`, which S3 sends when notifications are set up, contains no keys.
 * - `eventVersion`, `sequencer` and the event name are not read: the processor reads the object that is there now.
 *
 * @throws Unprocessable if it is not a message of S3.
 */
export function keysIn(message: string): string[] {
  const event = parsedJson(message, () => {
    throw new Unprocessable("the message is not JSON");
  });
  if (at(event, "Event") === "s3:TestEvent") return [];
  const records = at(event, "Records");
  if (!Array.isArray(records)) throw new Unprocessable("the message is not an S3 event: it has no Records");
  return records.map((record) => {
    const key = text(at(record, "s3", "object", "key"));
    if (key === null) throw new Unprocessable("the message is not an S3 event: a record has no key");
    return decoded(key);
  });
}

/** A message about the object at `key`, in the format of S3's messages. */
export function messageAbout(key: string): string {
  return JSON.stringify({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] });
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    throw new Unprocessable("the message is not an S3 event: a key is not URL-encoded");
  }
}
