import { type ByteSink, putByte, putVarint } from "./byte-sink.ts";

/** Types of Thrift's compact protocol, and the end of a structure (thrift-compact-protocol.md, 2026-11). */
export const [I32, I64, TEXT, LIST, STRUCT, STOP] = [5, 6, 8, 9, 12, 0];

/** Begins a field of a structure. Its id is `step` higher than that of the one before. */
export function putField(sink: ByteSink, step: number, type: number): void {
  putByte(sink, (step << 4) | type);
}

/** Adds a field with a number of 32 bits that is not negative. */
export function putInt(sink: ByteSink, step: number, value: number): void {
  putField(sink, step, I32);
  putVarint(sink, 2 * value);
}

/** Adds a field with a number of 64 bits that is neither negative nor above 2^31. */
export function putLong(sink: ByteSink, step: number, value: number): void {
  putField(sink, step, I64);
  putVarint(sink, 2 * value);
}

/** Begins a list of `length` elements. */
export function putListHeader(sink: ByteSink, length: number, type: number): void {
  putByte(sink, (Math.min(length, 15) << 4) | type);
  if (length >= 15) putVarint(sink, length);
}
