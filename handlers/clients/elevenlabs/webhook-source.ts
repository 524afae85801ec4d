/** A webhook as ElevenLabs has it; `null` where it does not say. */
export interface RegisteredWebhook {
  readonly id: string;
  readonly name: string | null;
  readonly url: string;
  /** Switched off by a person, or by ElevenLabs because it kept failing. */
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
  /** `transcript`, `audio`, `call_initiation_failure`, …; `null` where it does not say. */
  readonly events: readonly string[] | null;
  readonly isAudioSent: boolean;
  readonly isTranscriptLeftOut: boolean;
  /** `json`, or `opentelemetry`; absent where it does not say. */
  readonly transcriptFormat?: string;
}

/** What the key may not see, and how the service refused it. */
export interface Unseen {
  readonly unseen: string;
}

/** Whether `part` of the settings could not be seen. */
export function isUnseen(part: object): part is Unseen {
  return "unseen" in part;
}

/** What is to be known of a workspace's webhooks. */
export interface WebhookState {
  readonly webhooks: readonly RegisteredWebhook[] | Unseen;
  readonly settings: PostCallSettings | Unseen;
  /** How far ElevenLabs' clock is ahead of ours, in seconds; `null` if it does not tell the time. */
  readonly clockAheadSecs: number | null;
}

/** Where the settings of webhooks are: ElevenLabs' REST API. */
export interface WebhookSource {
  /** @throws when the service refuses everything, fails or does not answer in time. */
  state(): Promise<WebhookState>;
}

/** Where the calls of one agent go. */
export interface AgentSettings {
  readonly id: string;
  readonly name: string | null;
  /** What it has instead of the workspace's settings; `null` where it follows them. */
  readonly own: PostCallSettings | null;
  /** Whether ElevenLabs keeps nothing of its calls. */
  readonly isZeroRetention: boolean;
}

/** The agents that were looked at. */
export interface SeenAgents {
  readonly agents: readonly AgentSettings[];
  /** How many the key may not read. */
  readonly refused: number;
  /** Whether there are no others. */
  readonly isAll: boolean;
}

/** Where the settings of agents are: ElevenLabs' REST API. */
export interface AgentSource {
  /**
   * The settings of agents, of 500 at most. Begins no other when `hasTime` says that there is none.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  agents(hasTime?: () => boolean): Promise<SeenAgents>;
}
