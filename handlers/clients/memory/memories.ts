/** One thing that was said, as Mem0 takes it. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** One of the two memories of a call, as it is sent to Mem0 or kept in the folder: names as they are written. */
export interface Memory {
  readonly user_id: string;
  readonly type: "factual" | "semantic";
  readonly conversation_id: string;
  readonly messages: readonly Message[];
  readonly metadata: {
    readonly type: "factual" | "semantic";
    readonly conversation_id: string;
    readonly agent_id: string | null;
    readonly call_duration_secs: number | null;
    /** ISO 8601, UTC. */
    readonly started_at: string | null;
    /** Present only where the messages are not all of the call. */
    readonly shortened?: true;
    /** How many whole messages are missing; 0 if only middles of messages are. Present with `shortened`. */
    readonly messages_left_out?: number;
  };
}

/**
 * Where callers' memories are kept: Mem0's platform or a folder.
 *
 * There is no idempotent add, so a conversation's memories are replaced as a whole: `forget`, then `add`.
 * Every implementation passes `test/support/contracts/memories.ts`.
 */
export interface Memories {
  /**
   * Adds one memory. Adding twice makes two.
   *
   * @returns `"added"` when it is there now; `"accepted"` when the service will add it later and
   * did not say within our patience that it has.
   * @throws when it may or may not have been added (timeout, cut connection, 5xx), or was refused (`ServiceRefused`).
   */
  add(memory: Memory): Promise<"added" | "accepted">;
  /**
   * Deletes every memory of this conversation under this user, and returns when none is left.
   *
   * With `inFlight`, an earlier add may still be on its way: looks until none has appeared for a while.
   */
  forget(userId: string, conversationId: string, options: { readonly inFlight: boolean }): Promise<void>;
}

/** Memories that can be read at no cost: those in a folder. */
export interface StoredMemories extends Memories {
  /** Whether these are the memories of the conversation under this user, and there are no others. */
  areExactly(memories: readonly Memory[], userId: string, conversationId: string): Promise<boolean>;
}
