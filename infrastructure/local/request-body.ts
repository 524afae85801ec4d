import type { IncomingMessage } from "node:http";

/** The body is longer than this server takes. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";

  constructor(limit: number) {
    super(`the body is larger than ${limit} bytes`);
  }
}

/** What is reserved for a body of unknown length at first. */
const FIRST_BYTES = 64 * 1024;

/** A body of more bytes than this gets all that is allowed: growing further would have it in memory twice. */
const SMALL_BYTES = 4 * 1024 * 1024;

/**
 * The whole body of `request`, as it came.
 *
 * Written into one buffer as it arrives, so that a body costs about its own size: chunks are not collected and
 * joined. What is reserved and not yet written costs nothing.
 *
 * @throws BodyTooLarge as soon as it is clear. The rest of the body is then read and dropped, so that the
 * sender, who may still be sending, gets to see the answer.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const stated = Number(request.headers["content-length"] ?? Number.NaN);
  if (stated > limit) throw tooLarge(request, limit);
  let buffer: Buffer = Buffer.allocUnsafeSlow(Number.isNaN(stated) ? Math.min(FIRST_BYTES, limit) : stated);
  let length = 0;
  // Listening, not iterating: leaving an iteration early would close the connection before the answer.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      if (length + chunk.length > limit) return reject(tooLarge(request, limit));
      if (length + chunk.length > buffer.length) buffer = grown(buffer, length, length + chunk.length, limit);
      chunk.copy(buffer, length);
      length += chunk.length;
    });
    request.on("end", resolve);
    request.on("error", reject);
    request.on("close", () => reject(new Error("the sender went away")));
  });
  return buffer.subarray(0, length);
}

function grown(buffer: Buffer, length: number, needed: number, limit: number): Buffer {
  const bytes = needed > SMALL_BYTES ? limit : Math.max(needed, 2 * buffer.length);
  const larger = Buffer.allocUnsafeSlow(Math.min(bytes, limit));
  buffer.copy(larger, 0, 0, length);
  return larger;
}

function tooLarge(request: IncomingMessage, limit: number): BodyTooLarge {
  request.removeAllListeners("data");
  request.resume();
  return new BodyTooLarge(limit);
}
