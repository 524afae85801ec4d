import { sha256 } from "../call/digest.ts";

/** How many conversations a part should hold at most when its day is closed. */
const CONVERSATIONS = 5_000;

/** Into how many shards a day of so many conversations is split. */
export function shardCount(conversations: number): number {
  return Math.max(1, Math.ceil(conversations / CONVERSATIONS));
}

/** The shard that a conversation is in, of `count`: by a hash of its name, so that it never moves. */
export function shardOf(conversation: string, count: number): number {
  return Number.parseInt(sha256(Buffer.from(conversation)).slice(0, 8), 16) % count;
}
