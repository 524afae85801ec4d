/** The size of one part of a multipart upload. S3 accepts 10,000 parts, which is 80 GB. Four are sent at a time. */
export const PART_BYTES = 8 * 1024 * 1024;

/** The least billed size of an object in GLACIER_IR (docs.aws.amazon.com, S3 storage classes, 2026-11). */
const LEAST_COLD_BYTES = 128 * 1024;

/**
 * The class into which S3 puts a body of `coldBytes`, which is kept for long and seldom read.
 *
 * A larger body takes several requests, each of which costs four times as much in GLACIER_IR. A lifecycle rule moves it
 * later, with one request. For a small body GLACIER_IR costs more than STANDARD.
 */
export function storageClassOf(coldBytes: number | undefined): "GLACIER_IR" | "STANDARD" {
  const isCold = coldBytes !== undefined && coldBytes >= LEAST_COLD_BYTES && coldBytes <= PART_BYTES;
  return isCold ? "GLACIER_IR" : "STANDARD";
}
