import { sha256 } from "../call/digest.ts";
import type { KnownEvent } from "../call/event.ts";
import { readEvent } from "../call/event.ts";
import { parsedKey, type RawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { slugged } from "../call/slug.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import { callKeys } from "../process/call-keys.ts";
import { type ConversationIndex, type ObjectRecord, readIndex } from "../process/conversation-index.ts";
import { recordOf } from "../process/object-record.ts";
import { throwIfInGlacier } from "./in-glacier.ts";
import { Problem } from "./problem.ts";
import { shortened } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";

/** Where a call is, from its index. */
export interface LocatedCall {
  readonly name: RawKey;
  /** The key of its JSON. */
  readonly key: string;
  readonly index: ConversationIndex;
}

/** A call with its JSON. */
export interface FoundCall extends LocatedCall {
  readonly object: StoredObject;
  readonly event: KnownEvent;
  readonly record: ObjectRecord;
}

/**
 * Finds the call or failed attempt `id` through its index, with one read.
 *
 * @throws {Problem} if there is none, or if it was deleted.
 */
export async function locateCall(id: string, { archive }: Pick<ReadDeps, "archive">): Promise<LocatedCall> {
  const { index, isDamaged } = await readIndex(archive, id);
  if (isDamaged) {
    const detail = `The index of ${shortened(id)} is damaged: npm run verify -- --fix rebuilds it.`;
    throw new Problem(409, "Damaged index", detail);
  }
  const [key] = callKeys(index);
  const name = key === undefined ? undefined : parsedKey(key);
  if (index.deleted && (key === undefined || !(await archive.head(key)))) {
    throw new Problem(410, "Call deleted", `The call ${shortened(id)} was deleted at ${index.deleted.at}.`);
  }
  if (key === undefined || !name || !["call", "attempt"].includes(KINDS[name.kind].role)) throw noSuchCall(id);
  return { name, key, index };
}

/**
 * Finds the call or failed attempt `id`, and reads its JSON.
 *
 * @throws {Problem} if there is none, if it was deleted, or if its JSON is of another call.
 */
export async function findCall(id: string, deps: Pick<ReadDeps, "archive">): Promise<FoundCall> {
  const located = await locateCall(id, deps);
  const { key, name, index } = located;
  const object = await deps.archive.get(key).catch(throwIfInGlacier);
  if (!object) throw noSuchCall(id);
  const event = readEvent(object.body);
  if (!isKnown(event) || event.kind !== name.kind || slugged(event.conversationId) !== name.conversation) {
    const detail = `${key} does not contain the call ${shortened(id)}: npm run verify states what to do.`;
    throw new Problem(409, "Misfiled call", detail);
  }
  const record = index.objects[key] ?? recordOf(name.kind, object, sha256(object.body), undefined, []);
  return { ...located, object, event, record };
}

/** The problem of an id without a call. */
export function noSuchCall(id: string): Problem {
  const detail = `There is no call ${shortened(id)}. GET /api/v1/calls lists calls; a call that arrives now is there after its processing.`;
  return new Problem(404, "No such call", detail);
}
