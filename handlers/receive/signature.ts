import { createHmac, timingSafeEqual } from "node:crypto";

/** Why a delivery is refused. */
export type Refusal = "missing signature" | "malformed signature" | "wrong signature";

/** The result of a check. `stale`: signed with one of our secrets, but further from now than the tolerance. */
export type SignatureCheck =
  | { readonly outcome: "genuine" }
  | { readonly outcome: "stale" }
  | { readonly outcome: "refused"; readonly reason: Refusal };

/** A header with more times than this is malformed: each time costs a hash over the whole body. */
const MAX_TIMES = 4;

/**
 * Returns whether `rawBody` was signed with one of `secrets`, and whether within `toleranceSeconds` of now.
 *
 * - The header is `t=<unix seconds>,v0=<hex>`, where `v0` is HMAC-SHA256 over `<t>.<body>`
 *   (elevenlabs.io, Webhooks, 2026-11). White space around commas is allowed.
 * - One of several `v0` must match, with any secret, so that secrets can be rotated. A header that was sent twice
 *   arrives joined by a comma, so it may also contain several `t`.
 * - The comparison takes constant time.
 *
 * Pass the bytes as they arrived: JSON that was parsed and serialised again has another signature.
 * Never throws. A wrong signature is a result, not an error.
 */
export function verifySignature(
  header: string | readonly string[] | undefined,
  rawBody: Uint8Array,
  secrets: readonly string[],
  now: Date,
  toleranceSeconds: number,
): SignatureCheck {
  const signature = parsedHeader(header);
  if (typeof signature === "string") return refused(signature);

  const signedAt = [...signature.times].filter((time) =>
    secrets.some((secret) => secret !== "" && matchesAny(signature.hashes, hmac(secret, time, rawBody))),
  );
  if (signedAt.length === 0) return refused("wrong signature");
  const ages = signedAt.map((time) => Math.abs(now.getTime() / 1000 - Number(time)));
  return { outcome: Math.min(...ages) <= toleranceSeconds ? "genuine" : "stale" };
}

/** Why a header is refused without reading the body: it is missing or malformed. Else `undefined`. */
export function headerRefusal(header: string | readonly string[] | undefined): Refusal | undefined {
  const signature = parsedHeader(header);
  return typeof signature === "string" ? signature : undefined;
}

/** The times of signing in a header, usually one; none if the header is missing or malformed. */
export function statedTimes(header: string | readonly string[] | undefined): Date[] {
  const signature = parsedHeader(header);
  return typeof signature === "string" ? [] : [...signature.times].map((time) => new Date(1000 * Number(time)));
}

/** Seconds from the stated time nearest to `at` until `at`, negative if that time is later; `undefined` if none is. */
export function secondsSince(stated: readonly Date[], at: Date): number | undefined {
  const [nearest] = stated
    .map((time) => (at.getTime() - time.getTime()) / 1000)
    .sort((one, other) => Math.abs(one) - Math.abs(other));
  return nearest;
}

/** The value of the `ElevenLabs-Signature` header for `rawBody`, signed as ElevenLabs signs. */
export function signature(rawBody: Uint8Array, secret: string, now: Date): string {
  const time = String(Math.floor(now.getTime() / 1000));
  return `t=${time},v0=${hmac(secret, time, rawBody).toString("hex")}`;
}

function parsedHeader(
  header: string | readonly string[] | undefined,
): { times: Set<string>; hashes: Buffer[] } | Refusal {
  const joined = typeof header === "string" ? header : (header ?? []).join(",");
  if (!joined.trim()) return "missing signature";
  const times = new Set<string>();
  const hashes: Buffer[] = [];
  for (const part of joined.split(",").map((each) => each.trim())) {
    if (part.startsWith("t=")) times.add(part.slice(2));
    if (/^v0=[0-9a-f]{64}$/i.test(part)) hashes.push(Buffer.from(part.slice(3), "hex"));
  }
  const hasTimes = times.size > 0 && times.size <= MAX_TIMES && [...times].every((time) => /^\d{1,12}$/.test(time));
  return hasTimes && hashes.length > 0 ? { times, hashes } : "malformed signature";
}

function matchesAny(hashes: readonly Buffer[], expected: Buffer): boolean {
  return hashes.some((hash) => timingSafeEqual(hash, expected));
}

function hmac(secret: string, time: string, rawBody: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${time}.`).update(rawBody).digest();
}

function refused(reason: Refusal): SignatureCheck {
  return { outcome: "refused", reason };
}
