import { checkedValue, withChecksum } from "../../../queries/tables/checksum.ts";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import type { Shape } from "../../call/shape.ts";
import type { Archive } from "./archive.ts";

/** What stands in an object, and what it takes to replace it on condition. */
export interface FoundJson<Value> {
  /** `undefined` if nothing is there, or something damaged. */
  readonly value: Value | undefined;
  /** Whether something is there that cannot be read: no JSON, another shape, or a wrong checksum. */
  readonly isDamaged: boolean;
  /** `undefined` if nothing is there. */
  readonly etag: string | undefined;
  readonly writtenAt: Date | undefined;
}

/** Reads an object that `writeJson` wrote. One that was damaged has no value, and can be replaced. */
export async function readJson<Value>(
  archive: Pick<Archive, "get">,
  key: string,
  shape: Shape<Value>,
): Promise<FoundJson<Value>> {
  const object = await archive.get(key);
  const value = object && jsonIn(object.body, shape);
  const isDamaged = object !== undefined && value === undefined;
  return { value, isDamaged, etag: object?.etag, writtenAt: object?.lastModified };
}

/**
 * Writes `value` as JSON with its checksum, on condition that what stands there is still what was read. Answers the new ETag.
 *
 * @throws PreconditionFailed if somebody else wrote it meanwhile.
 */
export async function writeJson(
  archive: Pick<Archive, "put">,
  key: string,
  value: object,
  readEtag: string | undefined,
): Promise<string> {
  const { etag } = await archive.put(key, jsonBytes(value), {
    only: readEtag === undefined ? "if-absent" : { ifMatch: readEtag },
    contentType: "application/json",
  });
  return etag;
}

/** `value` as JSON with its checksum, a line of it; indented by `spaces`, if a person is to read it. */
export function jsonBytes(value: object, spaces?: number): Buffer {
  return Buffer.from(`${JSON.stringify(withChecksum(value), null, spaces)}\n`);
}

/** What `jsonBytes` made the bytes of; `undefined` if they are no JSON, of another shape, or have a wrong checksum. */
export function jsonIn<Value>(bytes: Uint8Array, shape: Shape<Value>): Value | undefined {
  const value = checkedValue(parsedJson(Buffer.from(bytes).toString()));
  return shape(value) ? value : undefined;
}
