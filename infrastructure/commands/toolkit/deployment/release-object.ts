import { randomUUID } from "node:crypto";
import { sha256 } from "../../../../handlers/call/digest.ts";
import { type KnownEvent, readEvent } from "../../../../handlers/call/event.ts";
import { indexKey, rawKey } from "../../../../handlers/call/keys.ts";
import { isKnown, KINDS } from "../../../../handlers/call/kinds/registry.ts";
import { QUARANTINE } from "../../../../handlers/call/kinds/unrouted.ts";
import { slugged } from "../../../../handlers/call/slug.ts";
import { ifUnchanged, type PutOptions, REDO, type StoredObject } from "../../../../handlers/clients/archive/archive.ts";
import { LeaseHeld } from "../../../../handlers/clients/lease.ts";
import { readIndex } from "../../../../handlers/process/conversation-index.ts";
import { takeLease } from "../../../../handlers/process/lease.ts";
import { replaceRows } from "../../../../handlers/process/live-rows.ts";
import { receivedAt } from "../../../../handlers/process/object-record.ts";
import { checkSignature } from "../../../../handlers/verify/signature-check.ts";
import { unroutedDeliveries } from "../../../../queries/tables/unrouted.ts";
import { utcHour } from "../../../../queries/tables/utc-date.ts";
import type { Deployment } from "./deployment.ts";
import type { SendResult } from "./redrive-queue.ts";

/** The parts of a deployment that `releaseObject` needs. */
export type ReleaseDeps = Pick<Deployment, "archive" | "analytics" | "webhookSecrets" | "defaultCountryCode">;

/** Longer than releasing one object takes. After a crash, the next try waits this long for the lease. */
const LEASE_SECONDS = 60;

/**
 * Moves the unrouted or quarantined object at `key` to its call, with its metadata, and removes its row and its index.
 *
 * Refuses a type that this version does not know, and a quarantined object that no known secret signed; the age of the
 * signature does not matter here. Never replaces another delivery of the call, and never restores a deleted one. If the
 * call already has the same bytes, only the held object is removed, so the function can run again after a crash.
 */
export async function releaseObject(key: string, deps: ReleaseDeps): Promise<SendResult> {
  const { archive } = deps;
  const object = await archive.get(key);
  if (!object) return { refused: "it no longer exists: it was released or deleted meanwhile" };
  const event = readEvent(object.body);
  if (!isKnown(event)) return { refused: `${event.reason}: it stays where it is` };
  if (key.startsWith(QUARANTINE)) {
    const { state } = await checkSignature(object, undefined, deps.webhookSecrets);
    if (state !== "valid") return { refused: unsigned(object, state) };
  }
  try {
    return await moveToCall(object, event, deps);
  } catch (error) {
    if (!(error instanceof LeaseHeld)) throw error;
    return { refused: "it is being processed: try again in a minute" };
  }
}

function unsigned(object: StoredObject, state: "none" | "refused"): string {
  if (state === "none") return "no signature is on record: if you know that it is genuine, copy it to its call by hand";
  const day = receivedAt(object).toISOString().slice(0, 10);
  return `no known secret signed it: add the secret that was valid on ${day} to ELEVENLABS_WEBHOOK_SECRET`;
}

async function moveToCall(object: StoredObject, event: KnownEvent, deps: ReleaseDeps): Promise<SendResult> {
  const { archive } = deps;
  const existing = await findPlaceInCall(object, event, deps);
  if (existing && "refused" in existing) return existing;

  const conversation = slugged(object.key);
  const found = await readIndex(archive, conversation);
  const hours = [...new Set([...found.index.hours, utcHour(receivedAt(object))])];
  const leaseOptions = { holder: randomUUID(), seconds: LEASE_SECONDS, isExclusive: false };
  await takeLease(archive, found, { ...found.index, hours }, leaseOptions, new Date());
  const to = existing?.as ?? rawKey(event, object.body, deps.defaultCountryCode);
  const put = () => archive.put(to, object.body, { ...originalMetadata(object), only: "if-absent" });
  if (!existing && !(await ifUnchanged(put))) return { refused: `${to} was written meanwhile: try again in a minute` };
  await removeOriginal(object.key, conversation, hours, deps);
  return { as: to };
}

function originalMetadata({ metadata: { [REDO]: _, ...metadata } }: StoredObject): PutOptions {
  return { metadata, contentType: "application/json" };
}

/**
 * Returns the key at which the call has these bytes; `undefined` if it has no such delivery; else why the object stays.
 */
async function findPlaceInCall(
  object: StoredObject,
  event: KnownEvent,
  { archive, defaultCountryCode }: Pick<ReleaseDeps, "archive" | "defaultCountryCode">,
): Promise<SendResult | undefined> {
  const hash = sha256(object.body);
  const to = rawKey(event, object.body, defaultCountryCode);
  const { index } = await readIndex(archive, slugged(event.conversationId));
  const { role, expects } = KINDS[event.kind];
  const home = role === "call" ? index.home?.key : undefined;
  for (const key of new Set([to, home ?? to])) {
    const existing = await archive.get(key);
    if (existing && sha256(existing.body) === hash) return { as: key };
    if (existing) return { refused: `${key} has another delivery of this call, and is not replaced: compare the two` };
  }
  const record = index.objects[to];
  if (!record && home === undefined) return undefined;
  // Delivered audio expires, so its object may be gone although it was processed.
  const isDelivery = expects.recording === "delivered";
  if (isDelivery && record?.sha256 === hash) return { as: to };
  if (isDelivery) return { refused: "another recording of this call was processed, and is not replaced" };
  return { refused: `${record ? to : home} was deleted: copy this to ${to} by hand to restore the call` };
}

/** Deletes the index last: until then it shows the object as processed, and a second run finishes the removal. */
async function removeOriginal(
  key: string,
  conversation: string,
  hours: readonly string[],
  deps: ReleaseDeps,
): Promise<void> {
  const { archive, analytics } = deps;
  const [hour = "", ...others] = hours;
  await replaceRows([[unroutedDeliveries, []]], others, { analytics, conversation, hour, now: () => new Date() });
  await archive.delete(key);
  await archive.delete(indexKey(conversation));
}
