/** A webhook in ElevenLabs' answer. A value that the answer lacks is `null`. */
export interface RegisteredWebhook {
  readonly id: string;
  readonly name: string | null;
  readonly url: string;
  /** Switched off by a person, or by ElevenLabs after repeated failures. */
  readonly isDisabled: boolean;
  readonly isAutoDisabled: boolean;
  readonly isRetrying: boolean | null;
  readonly authType: string | null;
  readonly lastFailureCode: number | null;
  readonly lastFailureAt: Date | null;
}

/** What ElevenLabs sends after a call, and to which webhook. */
export interface PostCallSettings {
  readonly webhookId: string | null;
  /** `transcript`, `audio`, `call_initiation_failure`, …; `null` if the answer has no list. */
  readonly events: readonly string[] | null;
  readonly isAudioSent: boolean;
  readonly isTranscriptLeftOut: boolean;
  /** `json` or `opentelemetry`; absent if the answer has none. */
  readonly transcriptFormat?: string;
}

/** A part that the key may not read, and the message of the refusal. */
export interface Unseen {
  readonly unseen: string;
}

/** Whether the key may not read `part` of the settings. */
export function isUnseen(part: object): part is Unseen {
  return "unseen" in part;
}

/** The state of a workspace's webhooks. */
export interface WebhookState {
  readonly webhooks: readonly RegisteredWebhook[] | Unseen;
  readonly settings: PostCallSettings | Unseen;
  /** How far ElevenLabs' clock is ahead of ours, in seconds; `null` if its answers have no date. */
  readonly clockAheadSecs: number | null;
}

/** A source of webhook settings: ElevenLabs' REST API. */
export interface WebhookSource {
  /** @throws when the service refuses everything, fails or does not answer in time. */
  state(): Promise<WebhookState>;
}

/** The post-call settings of one agent. */
export interface AgentSettings {
  readonly id: string;
  readonly name: string | null;
  /** Its own settings; `null` if it uses the workspace's. */
  readonly own: PostCallSettings | null;
  /** Whether ElevenLabs stores nothing of its calls. */
  readonly isZeroRetention: boolean;
}

/** The agents that were read. */
export interface SeenAgents {
  readonly agents: readonly AgentSettings[];
  /** How many the key may not read. */
  readonly refused: number;
  /** Whether these are all agents. */
  readonly isAll: boolean;
}

/** A source of agents' settings: ElevenLabs' REST API. */
export interface AgentSource {
  /**
   * The settings of at most 500 agents. Reads no further agent once `hasTime` returns false.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  agents(hasTime?: () => boolean): Promise<SeenAgents>;
}
