import { at, boolean, list, text, words } from "../../call/json.ts";
import type { PostCallSettings } from "./webhook-source.ts";

/**
 * The settings in `webhooks`, a member of a workspace's settings and of an agent's overrides (`ConvAIWebhooks` in the
 * types of ElevenLabs' SDK 2.73.0, 2026-11).
 */
export function postCallSettings(webhooks: unknown): PostCallSettings {
  const events = at(webhooks, "events");
  const transcriptFormat = words(at(webhooks, "transcript_format"));
  return {
    webhookId: words(at(webhooks, "post_call_webhook_id")),
    events: Array.isArray(events) ? list(events).flatMap((event) => text(event) ?? []) : null,
    isAudioSent: boolean(at(webhooks, "send_audio")) === true,
    isTranscriptLeftOut: boolean(at(webhooks, "exclude_transcript")) === true,
    ...(transcriptFormat !== null && { transcriptFormat }),
  };
}
