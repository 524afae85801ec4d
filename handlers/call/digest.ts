import { createHash } from "node:crypto";

/** SHA-256 of `bytes`, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The hashes that `sha256Once` computed, as long as their bytes are in use. */
const computed = new WeakMap<Uint8Array, string>();

/**
 * SHA-256 of the body of a delivery. It is computed only the first time: a body of 45 MB takes 25 ms. Nothing may write
 * to `body` afterwards.
 */
export function sha256Once(body: Uint8Array): string {
  const hash = computed.get(body) ?? sha256(body);
  computed.set(body, hash);
  return hash;
}

/** Makes `sha256Once` return `hash`, which the caller computed while it read `body`. */
export function rememberSha256(body: Uint8Array, hash: string): void {
  computed.set(body, hash);
}

/** The result of `sha256Once`, if it was called for `body`. */
export function sha256IfComputed(body: Uint8Array): string | undefined {
  return computed.get(body);
}
