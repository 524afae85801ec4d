import type { IncomingMessage } from "node:http";
import { release, releaseChunk } from "../../handlers/clients/release.ts";
import type { Flight } from "./bytes-in-flight.ts";

/** The body is longer than this server accepts. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";

  constructor(limit: number) {
    super(`the body is larger than ${limit} bytes`);
  }
}

/** The sender stopped in the middle of its body. Its connection must be closed, because others may wait for it. */
class SenderStalled extends Error {
  override readonly name = "SenderStalled";

  constructor(idleMs: number) {
    super(`the sender sent nothing for ${idleMs} ms in the middle of its body`);
  }
}

/** How a body is read. */
export interface ReadBodyOptions {
  /** In bytes. */
  readonly limit: number;
  /** Counts the bytes, and pauses the request when there are too many. The caller ends it. */
  readonly flight: Flight;
  /** How long a sender may send nothing, in milliseconds. Time while the request is paused does not count. */
  readonly idleMs: number;
}

/** The first size of the buffer for a body of unknown length. */
const FIRST_BYTES = 64 * 1024;

/**
 * A body larger than this gets a buffer of the limit at once. Growing in steps would hold it twice, and glibc keeps
 * freed buffers of some megabytes: for 64 bodies of 20 MB that cost 150 MB more (`test/measure/flood.ts`, 2026-11).
 */
const SMALL_BYTES = 256 * 1024;

/** How many times within `idleMs` the sender is checked. */
const IDLE_CHECKS = 10;

/** The length that `request` states, if it is more than `limit`. */
export function statedTooLarge(request: IncomingMessage, limit: number): BodyTooLarge | undefined {
  return Number(request.headers["content-length"] ?? 0) > limit ? new BodyTooLarge(limit) : undefined;
}

/**
 * Reads the whole body of `request`, unchanged.
 *
 * Chunks are written into one buffer when they arrive, not collected and joined, so a body needs about its own size.
 * Reserved memory that is not yet written costs nothing.
 *
 * @throws BodyTooLarge as soon as the limit is passed; the rest of the body is not read.
 * @throws SenderStalled, or an error if the sender disconnects.
 */
export async function readBody(request: IncomingMessage, { limit, flight, idleMs }: ReadBodyOptions): Promise<Buffer> {
  const stated = Number(request.headers["content-length"] ?? Number.NaN);
  let buffer: Buffer = Buffer.allocUnsafeSlow(Math.min(Number.isNaN(stated) ? FIRST_BYTES : stated, limit));
  let length = 0;
  let idleFor = 0;
  let looking: NodeJS.Timeout | undefined;
  try {
    // Event listeners, because leaving an async iteration early would close the connection before the response.
    await new Promise<void>((resolve, reject) => {
      request.on("data", (chunk: Buffer) => {
        idleFor = 0;
        if (length + chunk.length > limit) return reject(new BodyTooLarge(limit));
        if (length + chunk.length > buffer.length) buffer = grown(buffer, length, length + chunk.length, limit);
        chunk.copy(buffer, length);
        length += chunk.length;
        flight.add(chunk.length);
        // Node makes a separate ArrayBuffer for each chunk of a body (24.9).
        releaseChunk(chunk);
      });
      // A data listener resumes the request, so one that is paused must be paused again.
      if (flight.isPaused) request.pause();
      request.on("end", resolve);
      request.on("error", reject);
      request.on("close", () => reject(new Error("the sender disconnected in the middle of its body")));
      looking = setInterval(() => {
        if (!flight.isPaused) idleFor += idleMs / IDLE_CHECKS;
        if (idleFor >= idleMs) reject(new SenderStalled(idleMs));
      }, idleMs / IDLE_CHECKS);
    });
    return buffer.subarray(0, length);
  } catch (error) {
    request.removeAllListeners("data").pause();
    release(buffer);
    throw error;
  } finally {
    clearInterval(looking);
  }
}

function grown(buffer: Buffer, length: number, needed: number, limit: number): Buffer {
  const bytes = needed > SMALL_BYTES ? limit : Math.max(needed, 2 * buffer.length);
  const larger = Buffer.allocUnsafeSlow(Math.min(bytes, limit));
  buffer.copy(larger, 0, 0, length);
  release(buffer);
  return larger;
}
