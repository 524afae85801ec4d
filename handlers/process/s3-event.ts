import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { at, text } from "../call/json.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The keys of the objects that a message of S3 tells of, as they are in the bucket.
 *
 * - Keys arrive as in a URL, with `+` for a space (docs.aws.amazon.com, S3 event message structure, 2026-11).
 * - `s3:TestEvent`, which S3 sends when notifications are set up, tells of none.
 * - Neither `eventVersion` nor `sequencer` nor the kind of creation matters: the event is a hint to look.
 *
 * @throws Unprocessable if it is no message of S3.
 */
export function keysIn(message: string): string[] {
  const event = parsedJson(message, () => {
    throw new Unprocessable("the message is not JSON");
  });
  if (at(event, "Event") === "s3:TestEvent") return [];
  const records = at(event, "Records");
  if (!Array.isArray(records)) throw new Unprocessable("the message is no event of S3: it has no Records");
  return records.map((record) => {
    const key = text(at(record, "s3", "object", "key"));
    if (key === null) throw new Unprocessable("the message is no event of S3: a record has no key");
    return decoded(key);
  });
}

/** A message of our own that `keysIn` reads as one of S3 about the object at `key`. */
export function messageAbout(key: string): string {
  return JSON.stringify({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] });
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    throw new Unprocessable("the message is no event of S3: a key is not encoded as in a URL");
  }
}
