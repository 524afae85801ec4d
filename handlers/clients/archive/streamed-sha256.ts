import { createHash } from "node:crypto";
import type { Archive } from "./archive.ts";

/**
 * The SHA-256 of the bytes at `key`, hexadecimal; `undefined` if there is no object. Holds one chunk in memory at a
 * time.
 */
export async function streamedSha256(archive: Pick<Archive, "stream">, key: string): Promise<string | undefined> {
  const stream = await archive.stream(key);
  if (!stream) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}
