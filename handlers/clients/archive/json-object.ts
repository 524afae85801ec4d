import { checkedValue, withChecksum } from "../../../queries/tables/checksum.ts";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import type { Shape } from "../../call/shape.ts";
import type { Archive } from "./archive.ts";

/** The JSON of an object, and what a conditional replacement needs. */
export interface FoundJson<Value> {
  /** `undefined` if there is no object, or a damaged one. */
  readonly value: Value | undefined;
  /** Whether the object cannot be read: it is not JSON, has another shape, or a wrong checksum. */
  readonly isDamaged: boolean;
  /** `undefined` if there is no object. */
  readonly etag: string | undefined;
  readonly writtenAt: Date | undefined;
}

/** Reads an object that `writeJson` wrote. A damaged one has no value, and can be replaced. */
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
 * Writes `value` as JSON with its checksum, on condition that the object is unchanged since it was read. Returns the
 * new ETag.
 *
 * @throws PreconditionFailed if another writer changed it meanwhile.
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

/** `value` as one line of JSON with its checksum; indented by `spaces` where people read it. */
export function jsonBytes(value: object, spaces?: number): Buffer {
  return Buffer.from(`${JSON.stringify(withChecksum(value), null, spaces)}\n`);
}

/**
 * The value in bytes that `jsonBytes` made; `undefined` if they are not JSON, have another shape, or a wrong checksum.
 */
export function jsonIn<Value>(bytes: Uint8Array, shape: Shape<Value>): Value | undefined {
  const value = checkedValue(parsedJson(Buffer.from(bytes).toString()));
  return shape(value) ? value : undefined;
}
