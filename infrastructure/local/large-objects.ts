import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Reading an object takes some times its size in memory. What is larger than this is read with care for that. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** Whether an object or a body of so many bytes is large. */
export function isLarge(bytes: number): boolean {
  return bytes > LARGE_BYTES;
}

let collect: (() => void) | undefined;

/**
 * Collects the garbage that reading a large object left. V8 does that by itself, but late: it sees little of a memory
 * that is full, and on a busy machine its helpers come second. Takes some milliseconds.
 */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  collect?.();
}
