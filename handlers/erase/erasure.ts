import { callerOf } from "../call/caller.ts";
import { readEvent } from "../call/event.ts";
import { kindAt, mp3Key, parsedKey } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { OTHER, QUARANTINE } from "../call/kinds/unrouted.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { callKeys } from "../process/call-keys.ts";
import { readIndex } from "../process/conversation-index.ts";
import { hoursWithRows } from "./hours-with-rows.ts";

/** What is erased of one conversation, or of one unrouted or quarantined object. */
export interface Erasure {
  /** The slug of the conversation id, as in the key of its index. */
  readonly conversation: string;
  /** The keys of the objects that exist: the JSON last, so that a repeated erasure finds the rest after a crash. */
  readonly keys: readonly string[];
  /** The UTC hours, or dates, under which it has rows: as in its index. */
  readonly hours: readonly string[];
  /** The number of user ids under which it has memories. */
  readonly users: number;
}

/** The conversation or the caller to erase. */
export type ErasureOf = { readonly conversation: string } | { readonly caller: string };

/** The dependencies of `erasuresOf`. */
export interface ErasureDeps {
  readonly archive: ArchiveReader;
  readonly analytics: Pick<Archive, "head" | "folders">;
  /** Completes national phone numbers, to recognise a caller. */
  readonly defaultCountryCode?: DefaultCountryCode;
}

type ArchiveReader = Pick<Archive, "get" | "head" | "list" | "folders">;

/**
 * Yields what to erase of a conversation or of a caller: the calls in the caller's folder, those in earlier folders of the
 * same number, and unrouted and quarantined objects of the same conversations or of the caller. A single conversation is
 * yielded even if it has no objects, so that its deletion is recorded.
 */
export async function* erasuresOf(of: ErasureOf, deps: ErasureDeps): AsyncGenerator<Erasure> {
  const listed = "caller" in of ? await callsOfCaller(of.caller, deps) : await keysOfConversation(of, deps.archive);
  const isOfCaller = "caller" in of ? isCalledBy(of.caller, deps) : async () => false;
  const held = await heldObjectsOf(new Set(listed.keys()), isOfCaller, deps.archive);
  for (const [conversation, keys] of [...listed, ...held]) yield erasureOf(conversation, keys, deps);
}

async function erasureOf(conversation: string, listed: readonly string[], deps: ErasureDeps): Promise<Erasure> {
  const { archive, analytics } = deps;
  const { index } = await readIndex(archive, conversation);
  const calls = new Set([...listed.filter((key) => !key.endsWith(".mp3")), ...callKeys(index)]);
  const mp3s = [...calls].filter((key) => kindAt(key)?.expects.recording === "beside it").map(mp3Key);
  const audio = deliveredAudioKey(conversation);
  const keys = new Set([
    ...listed.filter((key) => key.endsWith(".mp3")),
    ...mp3s,
    audio,
    ...Object.keys(index.objects),
  ]);
  for (const key of calls) {
    keys.delete(key);
    keys.add(key);
  }
  const heads = await Promise.all([...keys].map((key) => archive.head(key)));
  const present = heads.flatMap((head) => (head ? [head.key] : []));
  // A damaged or lost index has no hours, and there may be rows all the same.
  const hours = index.hours.length > 0 ? index.hours : await hoursWithRows(conversation, analytics);
  return { conversation, keys: present, hours, users: index.memory?.user_ids.length ?? 0 };
}

/** The calls in the folder of a caller, and those in other folders with the same last digits whose JSON names the caller. */
async function callsOfCaller(caller: string, deps: ErasureDeps): Promise<Map<string, string[]>> {
  const { archive } = deps;
  const calls = await byConversation(archive.list(`${caller}/`));
  const isOfCaller = isCalledBy(caller, deps);
  for (const folder of await similarFolders(caller, archive)) {
    for (const [conversation, keys] of await byConversation(archive.list(folder))) {
      const isEach = await Promise.all(keys.filter((key) => key.endsWith(".json")).map(isOfCaller));
      if (isEach.includes(true)) calls.set(conversation, [...(calls.get(conversation) ?? []), ...keys]);
    }
  }
  return calls;
}

/** How many digits at the end every spelling of a number has: the shortest national number that is completed. */
const COMMON_DIGITS = 7;

/** Folders of numbers that may be another spelling of this one: with another country code, or without one. */
async function similarFolders(caller: string, archive: Pick<Archive, "folders">): Promise<string[]> {
  if (!/^\d+$/.test(caller) || caller.length < COMMON_DIGITS) return [];
  const folders = await Array.fromAsync(archive.folders(""));
  const end = `${caller.slice(-COMMON_DIGITS)}/`;
  return folders.filter((folder) => /^\d+\/$/.test(folder) && folder.endsWith(end) && folder !== `${caller}/`);
}

/** Whether the JSON at a key names the person of the folder `caller`. */
function isCalledBy(caller: string, { archive, defaultCountryCode }: ErasureDeps): (key: string) => Promise<boolean> {
  return async (key) => {
    const object = await archive.get(key);
    const event = object && readEvent(object.body);
    return event !== undefined && isKnown(event) && callerOf(event, defaultCountryCode).folder === caller;
  };
}

/** The keys of one conversation. The archive is listed only if the index has none, because it was never processed. */
async function keysOfConversation({ conversation }: { readonly conversation: string }, archive: ArchiveReader) {
  const name = slugged(conversation);
  const { index } = await readIndex(archive, name);
  if (callKeys(index).length > 0) return new Map([[name, []]]);
  const all = await byConversation(archive.list(""));
  return new Map([[name, all.get(name) ?? []]]);
}

async function byConversation(objects: AsyncIterable<{ readonly key: string }>): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const { key } of objects) {
    const name = parsedKey(key.replace(/\.mp3$/, ".json"));
    if (name && KINDS[name.kind].role !== "alone")
      found.set(name.conversation, [...(found.get(name.conversation) ?? []), key]);
  }
  return found;
}

/** The unrouted and quarantined objects of these conversations, by the conversation id in their keys, or of the caller. */
async function heldObjectsOf(
  conversations: ReadonlySet<string>,
  isOfCaller: (key: string) => Promise<boolean>,
  archive: Pick<Archive, "list">,
) {
  const found: [string, string[]][] = [];
  for (const prefix of [OTHER, QUARANTINE]) {
    for await (const { key } of archive.list(prefix)) {
      const name = parsedKey(key);
      const ofConversation = key.slice(key.lastIndexOf("/") + 1, -".json".length);
      if (name && (conversations.has(ofConversation) || (await isOfCaller(key))))
        found.push([name.conversation, [key]]);
    }
  }
  return found;
}
