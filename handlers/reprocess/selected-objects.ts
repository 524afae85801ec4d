import { pMapIterable } from "p-map";
import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { parsedKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { KINDS } from "../call/kinds/registry.ts";
import { slugged } from "../call/slug.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { type ConversationIndex, readIndex } from "../process/conversation-index.ts";

/** The objects to process again. A property that is not set does not restrict them. */
export interface Selection {
  /** The caller's folder. */
  readonly caller?: string | undefined;
  readonly conversation?: string | undefined;
  /** First and last UTC date of the call's start, `YYYY-MM-DD`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The agent that took the call. */
  readonly agent?: string | undefined;
  /** Conversation ids. Their objects are looked up in their indexes, and the archive is not listed. */
  readonly ids?: readonly string[] | undefined;
  /** An object must have at least one of these steps. */
  readonly only?: readonly Step[] | undefined;
}

/** An object to process again. */
export interface Selected {
  readonly key: string;
  readonly size: number;
}

/** Where to resume, and a callback for unknown ids. */
export interface SelectOptions {
  /** The key after which to resume. It must be in the selection. */
  readonly after?: string | undefined;
  /** Called with each of `ids` that has no index, or whose objects no longer exist. */
  readonly onUnknown?: (id: string) => void;
}

/**
 * Yields the transcriptions, failures, unrouted and quarantined objects in `selection`. `rePut` processes one again.
 *
 * The order is that of their keys, or of `ids`: the same every time, so that a caller can resume after any of them.
 * Only a few objects are in memory at once.
 *
 * A call that was never processed has no date on record. It is in every range, because it must be processed anyway.
 * Only processed calls have an agent on record; failed attempts, unrouted and quarantined objects have none.
 */
export async function* selectedObjects(
  archive: Pick<Archive, "list" | "get" | "head">,
  selection: Selection,
  { after, onUnknown = () => {} }: SelectOptions = {},
): AsyncGenerator<Selected> {
  if (selection.ids === undefined) return yield* walkObjects(archive, selection, after);
  for await (const { id, isKnown, objects } of lookUpIds(archive, selection, selection.ids, after)) {
    if (!isKnown) onUnknown(id);
    yield* objects;
  }
}

async function* walkObjects(archive: Pick<Archive, "list" | "get">, selection: Selection, after = "") {
  const { caller } = selection;

  async function ifSelected(object: Selected): Promise<Selected | undefined> {
    const conversation = conversationIn(object.key, selection);
    if (object.key <= after || conversation === undefined) return undefined;
    return isWithin((await readIndex(archive, conversation)).index, selection) ? object : undefined;
  }

  const listed = archive.list(caller === undefined ? "" : `${caller}/`);
  for await (const object of pMapIterable(listed, ifSelected, { concurrency: REQUESTS_AT_ONCE })) {
    if (object !== undefined) yield object;
  }
}

function lookUpIds(
  archive: Pick<Archive, "get" | "head">,
  selection: Selection,
  ids: readonly string[],
  after: string | undefined,
) {
  const current = after === undefined ? undefined : parsedKey(after)?.conversation;
  const begin = ids.findIndex((id) => slugged(id) === current);

  async function lookUp(id: string) {
    const { index } = await readIndex(archive, id);
    const keys = Object.keys(index.objects).sort();
    const heads = await Promise.all(keys.map((key) => archive.head(key)));
    const present = heads.filter((head) => head !== undefined);
    const objects = isWithin(index, selection)
      ? present.filter(
          ({ key }) => conversationIn(key, selection) && !(slugged(id) === current && key <= (after ?? "")),
        )
      : [];
    return { id, isKnown: present.length > 0, objects: objects.map(({ key, size }): Selected => ({ key, size })) };
  }

  return pMapIterable(ids.slice(Math.max(0, begin)), lookUp, { concurrency: REQUESTS_AT_ONCE });
}

/** The conversation of an object, or `undefined` if its key shows that it is not in `selection`. */
function conversationIn(key: string, { caller, conversation, only }: Selection): string | undefined {
  const name = parsedKey(key);
  if (!name) return undefined;
  const { role, steps } = KINDS[name.kind];
  if (role === "beside" || (only && !steps.some((step) => only.includes(step)))) return undefined;
  if (caller !== undefined && !key.startsWith(`${caller}/`)) return undefined;
  return conversation === undefined || name.conversation === slugged(conversation) ? name.conversation : undefined;
}

/**
 * Whether the index of a conversation matches `selection`. Processing a deleted conversation restores it, so it matches
 * only if the selection is that single conversation.
 */
function isWithin(index: ConversationIndex, { conversation, from = "", to = "9999", agent }: Selection): boolean {
  const { hours, home, deleted } = index;
  if (deleted && conversation === undefined) return false;
  if (agent !== undefined && home?.agent_id !== agent) return false;
  return hours.length === 0 || hours.map(dateOfHour).some((day) => day >= from && day <= to);
}
