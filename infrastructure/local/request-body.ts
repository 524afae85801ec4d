import type { IncomingMessage } from "node:http";
import type { Flight } from "./bytes-in-flight.ts";

/** The body is longer than this server takes. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";

  constructor(limit: number) {
    super(`the body is larger than ${limit} bytes`);
  }
}

/** The sender stopped in the middle of its body. Its connection is to be cut: others may wait for it. */
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
  /** Counts what comes, and holds it up when there is too much. Whoever reads ends it, when the body is dropped or stored. */
  readonly flight: Flight;
  /** How long a sender may send nothing, in milliseconds. The time while it is held up does not count. */
  readonly idleMs: number;
}

/** What is reserved for a body of unknown length at first. */
const FIRST_BYTES = 64 * 1024;

/**
 * A body of more bytes than this gets all that is allowed at once. Growing step by step would hold it twice, and glibc
 * keeps freed buffers of some megabytes: for 64 bodies of 20 MB that cost 150 MB more (`test/measure/flood.ts`, 2026-11).
 */
const SMALL_BYTES = 256 * 1024;

/** How often it is looked whether a sender stalls, in parts of the time that it may. */
const IDLE_CHECKS = 10;

/** The length that `request` states, if it is more than `limit`. */
export function statedTooLarge(request: IncomingMessage, limit: number): BodyTooLarge | undefined {
  return Number(request.headers["content-length"] ?? 0) > limit ? new BodyTooLarge(limit) : undefined;
}

/**
 * The whole body of `request`, as it came.
 *
 * Written into one buffer as it arrives, so that a body costs about its own size: chunks are not collected and
 * joined. What is reserved and not yet written costs nothing.
 *
 * @throws BodyTooLarge as soon as it is clear; the rest of the body is not read.
 * @throws SenderStalled, or that the sender went away.
 */
export async function readBody(request: IncomingMessage, { limit, flight, idleMs }: ReadBodyOptions): Promise<Buffer> {
  const stated = Number(request.headers["content-length"] ?? Number.NaN);
  let buffer: Buffer = Buffer.allocUnsafeSlow(Math.min(Number.isNaN(stated) ? FIRST_BYTES : stated, limit));
  let length = 0;
  let idleFor = 0;
  let looking: NodeJS.Timeout | undefined;
  try {
    // Listening, not iterating: leaving an iteration early would close the connection before the answer.
    await new Promise<void>((resolve, reject) => {
      request.on("data", (chunk: Buffer) => {
        idleFor = 0;
        if (length + chunk.length > limit) return reject(new BodyTooLarge(limit));
        if (length + chunk.length > buffer.length) buffer = grown(buffer, length, length + chunk.length, limit);
        chunk.copy(buffer, length);
        length += chunk.length;
        flight.add(chunk.length);
      });
      // Listening lets it flow, also where it is held up already.
      if (flight.isPaused) request.pause();
      request.on("end", resolve);
      request.on("error", reject);
      request.on("close", () => reject(new Error("the sender went away")));
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

/** Gives the memory of `buffer` back now: the collector might keep it while others need as much. */
export function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function grown(buffer: Buffer, length: number, needed: number, limit: number): Buffer {
  const bytes = needed > SMALL_BYTES ? limit : Math.max(needed, 2 * buffer.length);
  const larger = Buffer.allocUnsafeSlow(Math.min(bytes, limit));
  buffer.copy(larger, 0, 0, length);
  release(buffer);
  return larger;
}
