/** The final states of a conversation (elevenlabs.io, List conversations, 2026-11). */
export const FINISHED: ReadonlySet<string> = new Set(["done", "failed"]);

/** A conversation in a list. */
export interface ListedConversation {
  /** Empty if the list has none. */
  readonly conversationId: string;
  readonly agentId: string | null;
  /** `null` if the list has none. */
  readonly startedAt: Date | null;
  readonly durationSecs: number | null;
  /** Whether it is over and its analysis is done. Then it does not change any more. */
  readonly isFinished: boolean;
}

/** Which conversations to list. */
export interface ConversationWindow {
  /** Lists conversations that began at `from` or later, and before `until`. */
  readonly from: Date;
  readonly until: Date;
  readonly agentId?: string | undefined;
}

/** A source of agents' conversations: ElevenLabs' REST API. */
export interface ConversationSource {
  /**
   * The conversations that began in `window`, the oldest first, each at least once.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  list(window: ConversationWindow): AsyncIterable<ListedConversation>;
  /**
   * A conversation as JSON, the bytes as sent: the same value as `data` in a webhook. `undefined` if there is none.
   *
   * @throws as `list` does.
   */
  conversation(conversationId: string): Promise<Buffer | undefined>;
}
