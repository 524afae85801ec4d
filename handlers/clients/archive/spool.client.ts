import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A stream that has been read to its end and can be read again. */
export interface Spooled {
  readonly sha256: string;
  readonly bytes: number;
  /** The first bytes, enough to recognise the format. */
  readonly start: Uint8Array;
  read(): Readable;
  discard(): Promise<void>;
}

/** How many first bytes are kept to recognise the format. */
const START_BYTES = 16;

/**
 * Reads `stream` to its end into a temporary file, and passes each chunk to `onChunk`.
 *
 * A recording is stored only when it is complete: a stream that breaks off leaves nothing behind.
 */
export async function spoolToFile(stream: Readable, onChunk: (chunk: Uint8Array) => void): Promise<Spooled> {
  const path = join(tmpdir(), `call-archive-${randomUUID()}`);
  const discard = () => rm(path, { force: true });
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    let start = Buffer.alloc(0);
    for await (const chunk of stream) {
      hash.update(chunk);
      onChunk(chunk);
      if (start.length < START_BYTES) start = Buffer.concat([start, chunk.subarray(0, START_BYTES)]);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    return { sha256: hash.digest("hex"), bytes, start, read: () => createReadStream(path), discard };
  } catch (error) {
    await discard();
    throw error;
  } finally {
    await file.close();
  }
}
