/** Frees the memory of `buffer` now. The garbage collector might keep it too long. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/**
 * Frees a chunk of a stream that nothing else uses. Otherwise V8 collects chunks only when there are tens of MB of them.
 * Memory that is shared with other buffers is left alone.
 */
export function releaseChunk(chunk: Uint8Array): void {
  if (chunk.byteLength === chunk.buffer.byteLength) release(chunk);
}
