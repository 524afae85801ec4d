/** Bytes that grow at their end. To use the sink again, set its `length` to 0. */
export interface ByteSink {
  bytes: Buffer;
  length: number;
}

const FIRST_SIZE = 64 * 1024;

/** Makes an empty sink. */
export function byteSink(): ByteSink {
  return { bytes: Buffer.allocUnsafeSlow(FIRST_SIZE), length: 0 };
}

/** The bytes in `sink`, until it is used again. */
export function bytesIn({ bytes, length }: ByteSink): Buffer {
  return bytes.subarray(0, length);
}

/** Adds one byte. */
export function putByte(sink: ByteSink, value: number): void {
  makeSpace(sink, 1);
  sink.bytes[sink.length] = value;
  sink.length += 1;
}

/** Adds bytes. */
export function putBytes(sink: ByteSink, value: Uint8Array): void {
  makeSpace(sink, value.length);
  sink.bytes.set(value, sink.length);
  sink.length += value.length;
}

/** Adds four bytes, the lowest first. */
export function putUint32(sink: ByteSink, value: number): void {
  makeSpace(sink, 4);
  sink.length = sink.bytes.writeUInt32LE(value, sink.length);
}

/** Adds four bytes, the lowest first, of a number that may be negative. */
export function putInt32(sink: ByteSink, value: number): void {
  makeSpace(sink, 4);
  sink.length = sink.bytes.writeInt32LE(value, sink.length);
}

/** Adds eight bytes, the lowest first. */
export function putInt64(sink: ByteSink, value: bigint): void {
  makeSpace(sink, 8);
  sink.length = sink.bytes.writeBigInt64LE(value, sink.length);
}

/** Adds the eight bytes of a floating-point number. */
export function putDouble(sink: ByteSink, value: number): void {
  makeSpace(sink, 8);
  sink.length = sink.bytes.writeDoubleLE(value, sink.length);
}

/** Adds the length of `value` in UTF-8, in four bytes, and then the text. */
export function putText(sink: ByteSink, value: string): void {
  makeSpace(sink, 4 + 3 * value.length);
  const length = sink.bytes.write(value, sink.length + 4);
  sink.bytes.writeUInt32LE(length, sink.length);
  sink.length += 4 + length;
}

/** Adds a number of at least 0 in groups of seven bits, the lowest first. */
export function putVarint(sink: ByteSink, value: number): void {
  let left = value;
  while (left > 0x7f) {
    putByte(sink, (left & 0x7f) | 0x80);
    left >>>= 7;
  }
  putByte(sink, left);
}

function makeSpace(sink: ByteSink, more: number): void {
  if (sink.length + more <= sink.bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * sink.bytes.length, sink.length + more));
  sink.bytes.copy(larger, 0, 0, sink.length);
  sink.bytes = larger;
}
