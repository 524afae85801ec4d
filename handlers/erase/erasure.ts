import { kindAt, mp3Key, parsedKey } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { KINDS } from "../call/kinds/registry.ts";
import { OTHER, QUARANTINE } from "../call/kinds/unrouted.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { callKeys } from "../process/call-keys.ts";
import { readIndex } from "../process/conversation-index.ts";

/** What is erased of one conversation, or of one unrouted or quarantined object. */
export interface Erasure {
  /** The slug of the conversation id, as in the key of its index. */
  readonly conversation: string;
  /** The keys of the objects that exist: the JSON last, so that a repeated erasure finds the rest after a crash. */
  readonly keys: readonly string[];
  /** The UTC dates under which it has rows. */
  readonly days: readonly string[];
  /** The number of user ids under which it has memories. */
  readonly users: number;
}

/** The conversation or the caller to erase. */
export type ErasureOf = { readonly conversation: string } | { readonly caller: string };

type ArchiveReader = Pick<Archive, "get" | "head" | "list">;

/**
 * Yields what to erase of a conversation or of a caller's folder, including unrouted and quarantined objects with the
 * same conversation ids. A single conversation is yielded even if it has no objects, so that its deletion is recorded.
 */
export async function* erasuresOf(of: ErasureOf, archive: ArchiveReader): AsyncGenerator<Erasure> {
  const listed =
    "caller" in of ? await byConversation(archive.list(`${of.caller}/`)) : await keysOfConversation(of, archive);
  const unrouted = await unroutedAndQuarantinedOf(new Set(listed.keys()), archive);
  for (const [conversation, keys] of [...listed, ...unrouted]) yield erasureOf(conversation, keys, archive);
}

async function erasureOf(conversation: string, listed: readonly string[], archive: ArchiveReader): Promise<Erasure> {
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
  return { conversation, keys: present, days: index.days, users: index.memory?.user_ids.length ?? 0 };
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

/** The unrouted and quarantined objects of these conversations, found by the conversation id in their keys. */
async function unroutedAndQuarantinedOf(conversations: ReadonlySet<string>, archive: Pick<Archive, "list">) {
  const found: [string, string[]][] = [];
  for (const prefix of [OTHER, QUARANTINE]) {
    for await (const { key } of archive.list(prefix)) {
      const name = parsedKey(key);
      const ofConversation = key.slice(key.lastIndexOf("/") + 1, -".json".length);
      if (name && conversations.has(ofConversation)) found.push([name.conversation, [key]]);
    }
  }
  return found;
}
