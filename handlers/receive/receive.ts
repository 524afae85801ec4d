import { readEnvelope } from "../call/event.ts";
import { rawKey } from "../call/keys.ts";
import { isKnown } from "../call/kinds/registry.ts";
import { quarantineKey } from "../call/kinds/unrouted.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { type Refusal, verifySignature } from "./signature.ts";

/** One delivery as it came over HTTP. */
export interface Delivery {
  /** The `ElevenLabs-Signature` header; an array if it was sent more than once. */
  readonly signature: string | readonly string[] | undefined;
  /** The body's bytes as they arrived. */
  readonly body: Buffer;
}

/** What the receiver needs from outside. */
export interface ReceiveDeps {
  readonly archive: Pick<Archive, "put">;
  /** Every secret that is valid now. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly toleranceSeconds: number;
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
 * Verifies a delivery and puts its bytes into the archive, and does nothing else.
 *
 * Everything that is signed is kept: also a type never seen, a body that is not JSON, a signature that is too
 * old. Only what is not signed is refused. A repeated delivery lands on the same key with the same bytes.
 *
 * @throws what the archive's put or the secrets throw: then nothing is promised, and the sender should retry.
 */
export async function receiveWebhook({ signature, body }: Delivery, deps: ReceiveDeps): Promise<Reception> {
  const receivedAt = deps.now();
  const check = verifySignature(signature, body, await deps.secrets(), receivedAt, deps.toleranceSeconds);
  if (check.outcome === "refused") return { status: "refused", reason: check.reason };

  const stale = check.outcome === "stale";
  const { key, reason } = keyAndReason(body, stale);
  const metadata = {
    source: "webhook",
    "received-at": receivedAt.toISOString(),
    "elevenlabs-signature": asMetadata([signature ?? ""].flat().join(",")),
  };
  await deps.archive.put(key, body, { metadata, contentType: "application/json" });

  if (reason === undefined) return { status: "stored", key };
  return { status: stale ? "quarantined" : "unrouted", key, reason };
}

/** Where a body is put, and why that is not with its call. The parsed body, many times as large, is not kept while it is put. */
function keyAndReason(body: Buffer, stale: boolean): { readonly key: string; readonly reason?: string } {
  const event = readEnvelope(body);
  if (stale) return { key: quarantineKey(event, body), reason: "the signature is too old or too new" };
  return { key: rawKey(event, body), ...(!isKnown(event) && { reason: event.reason }) };
}

/** What S3 takes as metadata is ASCII, and no more than 2,048 bytes in all (docs.aws.amazon.com, 2026-11). */
const MAX_METADATA_CHARACTERS = 1_500;

/** The header as it came, if it can be kept so; else its parts that a signature is made of, as many as fit. */
function asMetadata(header: string): string {
  if (/^[\x20-\x7e]*$/.test(header) && header.length <= MAX_METADATA_CHARACTERS) return header;
  const parts = header.split(",").map((part) => part.trim());
  const kept = new Set(parts.filter((part) => /^(t=\d{1,12}|v0=[0-9a-f]{64})$/i.test(part)));
  return [...kept].join(",").slice(0, MAX_METADATA_CHARACTERS);
}
