/** One message, in Mem0's format. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** One of the two memories of a call, with the field names of Mem0 and of the folder. */
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
    /** Present only if messages of the call are shortened or left out. */
    readonly shortened?: true;
    /** How many whole messages are left out; 0 if messages are only shortened. Present with `shortened`. */
    readonly messages_left_out?: number;
  };
}

/**
 * A store of callers' memories: Mem0's platform or a folder.
 *
 * There is no idempotent add, so a conversation's memories are replaced as a whole: `forget`, then `add`.
 * Every implementation passes `test/support/contracts/memories.ts`.
 */
export interface Memories {
  /**
   * Adds one memory. Adding twice makes two.
   *
   * @returns `"added"` if it is stored now; `"accepted"` if the service has not confirmed that within the timeout.
   * @throws if it may or may not have been added (timeout, cut connection, 5xx), or was refused (`ServiceRefused`).
   */
  add(memory: Memory): Promise<"added" | "accepted">;
  /**
   * Deletes every memory of this conversation under this user, and returns when none is left.
   *
   * With `inFlight`, an earlier add may still arrive: checks until none has appeared for a while.
   */
  forget(userId: string, conversationId: string, options: { readonly inFlight: boolean }): Promise<void>;
}

/** Memories that cost nothing to read: those in a folder. */
export interface StoredMemories extends Memories {
  /** Whether the conversation has exactly these memories under this user. */
  areExactly(memories: readonly Memory[], userId: string, conversationId: string): Promise<boolean>;
  /** The memories of a user that are not damaged, in the order of the calls' starts. */
  of(userId: string): Promise<readonly Memory[]>;
}
