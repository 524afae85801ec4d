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

/** What is to be known of a workspace's webhooks. */
export interface WebhookState {
  readonly webhooks: readonly RegisteredWebhook[];
  readonly settings: PostCallSettings;
  /** How far ElevenLabs' clock is ahead of ours, in seconds; `null` if it does not tell the time. */
  readonly clockAheadSecs: number | null;
}

/** Where the settings of webhooks are: ElevenLabs' REST API. */
export interface WebhookSource {
  /** @throws when the service refuses, fails or does not answer in time. */
  state(): Promise<WebhookState>;
}
