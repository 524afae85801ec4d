import { sha256 } from "../call/digest.ts";

/** The intended maximum of conversations in a part when its day is closed. */
const CONVERSATIONS = 5_000;

/** The number of shards for a day with this number of conversations. */
export function shardCount(conversations: number): number {
  return Math.max(1, Math.ceil(conversations / CONVERSATIONS));
}

/** The shard of a conversation, of `count` shards: a hash of its name, so that it never moves. */
export function shardOf(conversation: string, count: number): number {
  return Number.parseInt(sha256(Buffer.from(conversation)).slice(0, 8), 16) % count;
}
