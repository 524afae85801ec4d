import type { ByteRange } from "../clients/archive/archive.ts";

/**
 * The range that a `Range` header asks for, of an object of `size` bytes; `undefined` for the whole object, and
 * `"unsatisfiable"` if it begins beyond the end (RFC 9110, section 14).
 *
 * A header with several ranges, or one that is malformed, asks for the whole object: a server may ignore it.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined | "unsatisfiable" {
  const { first = "", last = "" } = /^bytes=(?<first>\d*)-(?<last>\d*)$/i.exec(header?.trim() ?? "")?.groups ?? {};
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}
