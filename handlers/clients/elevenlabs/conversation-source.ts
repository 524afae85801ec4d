/** The states that a conversation does not leave any more (elevenlabs.io, List conversations, 2026-11). */
export const FINISHED: ReadonlySet<string> = new Set(["done", "failed"]);

/** A conversation as a list names it. */
export interface ListedConversation {
  /** Empty where the list does not say. */
  readonly conversationId: string;
  readonly agentId: string | null;
  /** `null` where the list does not say. */
  readonly startedAt: Date | null;
  readonly durationSecs: number | null;
  /** Whether it is over and its analysis is done: nothing of it changes any more. */
  readonly isFinished: boolean;
}

/** Which conversations to list. */
export interface ConversationWindow {
  /** The first moment at which one may have begun, and the first at which it may not. */
  readonly from: Date;
  readonly until: Date;
  readonly agentId?: string | undefined;
}

/** Where the conversations of agents are listed and kept: ElevenLabs' REST API. */
export interface ConversationSource {
  /**
   * The conversations that began in `window`, the oldest first, each at least once.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  list(window: ConversationWindow): AsyncIterable<ListedConversation>;
  /**
   * A conversation as JSON, the bytes as they were sent: what a webhook has as its `data`. `undefined` if there is
   * none.
   *
   * @throws as `list` does.
   */
  conversation(conversationId: string): Promise<Buffer | undefined>;
}
