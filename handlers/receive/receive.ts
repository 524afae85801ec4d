import { sha256IfComputed } from "../call/digest.ts";
import { readEnvelope } from "../call/event.ts";
import { rawKey } from "../call/keys.ts";
import { isKnown } from "../call/kinds/registry.ts";
import { quarantineKey } from "../call/kinds/unrouted.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import type { PlainPutOptions } from "../clients/archive/archive.ts";
import { KeyNotSet } from "../clients/credentials/api-key.ts";
import { type Refusal, verifySignature } from "./signature.ts";

/** One delivery, as received over HTTP. */
export interface Delivery {
  /** The `ElevenLabs-Signature` header; an array if it was sent more than once. */
  readonly signature: string | readonly string[] | undefined;
  /** The body's bytes as they arrived. */
  readonly body: Buffer;
}

/** The dependencies of `receiveWebhook`. */
export interface ReceiveDeps {
  readonly archive: {
    put(key: string, body: Buffer, options: PlainPutOptions): Promise<unknown>;
  };
  /** All secrets that are valid now. Without any, no delivery can be verified, so each is answered 500. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly toleranceSeconds: number;
  /** Completes national phone numbers, for the caller's folder. */
  readonly defaultCountryCode?: DefaultCountryCode;
  readonly now: () => Date;
}

/**
 * The outcome of a delivery. `unrouted`: stored under `_other/`, because its type or shape is not known. `quarantined`:
 * stored under `_quarantine/`, because its signature is stale. `reason` is why it is not stored with its call.
 */
export type Reception =
  | { readonly status: "stored"; readonly key: string }
  | { readonly status: "unrouted" | "quarantined"; readonly key: string; readonly reason: string }
  | { readonly status: "refused"; readonly reason: Refusal };

/**
 * Verifies a delivery and stores its bytes in the archive. Does nothing else.
 *
 * Every delivery with a correct signature is stored, also one of an unknown type, one that is not JSON, and one with a
 * stale signature. Other deliveries are refused. A repeated delivery has the same key and the same bytes.
 *
 * @throws KeyNotSet if there is no secret, and what the archive's put or the secrets throw: the delivery may not be
 *   stored, and the sender should retry.
 */
export async function receiveWebhook({ signature, body }: Delivery, deps: ReceiveDeps): Promise<Reception> {
  const receivedAt = deps.now();
  const secrets = await deps.secrets();
  if (secrets.length === 0) throw new KeyNotSet("no webhook secret is set: npm run secret stores it");
  const check = verifySignature(signature, body, secrets, receivedAt, deps.toleranceSeconds);
  if (check.outcome === "refused") return { status: "refused", reason: check.reason };

  const stale = check.outcome === "stale";
  const { key, reason } = keyAndReason(body, stale, deps.defaultCountryCode);
  const metadata = {
    source: "webhook",
    "received-at": receivedAt.toISOString(),
    "elevenlabs-signature": asMetadata([signature ?? ""].flat().join(",")),
  };
  await deps.archive.put(key, body, { metadata, contentType: "application/json", sha256: sha256IfComputed(body) });

  if (reason === undefined) return { status: "stored", key };
  return { status: stale ? "quarantined" : "unrouted", key, reason };
}

/** The key for a body, and why it is not with its call. Its own function, so that the parsed body is freed early. */
function keyAndReason(
  body: Buffer,
  stale: boolean,
  defaultCountryCode: DefaultCountryCode,
): { readonly key: string; readonly reason?: string } {
  const event = readEnvelope(body);
  if (stale) return { key: quarantineKey(event, body), reason: "the signature is too old or too new" };
  return { key: rawKey(event, body, defaultCountryCode), ...(!isKnown(event) && { reason: event.reason }) };
}

/** S3 accepts metadata in ASCII, of at most 2,048 bytes in total (docs.aws.amazon.com, 2026-11). */
const MAX_METADATA_CHARACTERS = 1_500;

/** The header, unchanged if metadata may contain it; else as many as fit of the parts that verification needs. */
function asMetadata(header: string): string {
  if (/^[\x20-\x7e]*$/.test(header) && header.length <= MAX_METADATA_CHARACTERS) return header;
  const parts = header.split(",").map((part) => part.trim());
  const kept = new Set(parts.filter((part) => /^(t=\d{1,12}|v0=[0-9a-f]{64})$/i.test(part)));
  return [...kept].join(",").slice(0, MAX_METADATA_CHARACTERS);
}
