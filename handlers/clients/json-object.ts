import type { Archive } from "./archive.ts";

/** What stands in an object, and what it takes to replace it on condition. */
export interface FoundJson {
  /** `undefined` if nothing is there, or nothing that can be read. */
  readonly value: unknown;
  /** `undefined` if nothing is there. */
  readonly etag: string | undefined;
  readonly writtenAt: Date | undefined;
}

/** Reads an object that this program wrote as JSON. One that was damaged reads as nothing, and can be replaced. */
export async function readJson(archive: Pick<Archive, "get">, key: string): Promise<FoundJson> {
  const object = await archive.get(key);
  return { value: object && parsed(object.body), etag: object?.etag, writtenAt: object?.lastModified };
}

/**
 * Writes `value` as JSON, on condition that what stands there is still what was read. Answers the new ETag.
 *
 * @throws PreconditionFailed if somebody else wrote it meanwhile.
 */
export async function writeJson(
  archive: Pick<Archive, "put">,
  key: string,
  value: unknown,
  readEtag: string | undefined,
): Promise<string> {
  const { etag } = await archive.put(key, Buffer.from(`${JSON.stringify(value)}\n`), {
    only: readEtag === undefined ? "if-absent" : { ifMatch: readEtag },
    contentType: "application/json",
  });
  return etag;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
