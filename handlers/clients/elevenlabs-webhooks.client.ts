import { at, isObject, list, number, text, truth, words } from "../call/json.ts";
import { secondsAhead } from "./clock.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { readJson } from "./json-response.ts";
import { ServiceUnavailable, whileTryingTo } from "./service-errors.ts";
import type { PostCallSettings, RegisteredWebhook, WebhookSource } from "./webhook-source.ts";

/**
 * The settings of webhooks from ElevenLabs' REST API: `GET /v1/workspace/webhooks`, and `webhooks` of
 * `GET /v1/convai/settings` (names as in the types of its SDK 2.73.0, and `retry_enabled` as documented, 2026-11).
 * Only an admin's key may ask for `include_usages`.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`.
 *
 * @throws Error if the key cannot be one.
 */
export function elevenLabsWebhooks(options: ElevenLabsOptions, now: () => Date): WebhookSource {
  const api = elevenLabsApi(options);
  return {
    async state() {
      let clockAheadSecs: number | null = null;
      const webhooks = await whileTryingTo("look at the webhooks", async () =>
        webhooksIn(
          await api("/v1/workspace/webhooks?include_usages=true", async (response) => {
            clockAheadSecs = secondsAhead(response.headers.get("date"), now());
            return readJson(response);
          }),
        ),
      );
      const settings = await whileTryingTo("look at the settings of agents", async () =>
        postCallSettings(await api("/v1/convai/settings", readJson)),
      );
      return { webhooks, settings, clockAheadSecs };
    },
  };
}

/** @throws ServiceUnavailable if there is no list: it would seem that there is no webhook. */
function webhooksIn(answer: unknown): RegisteredWebhook[] {
  const webhooks = at(answer, "webhooks");
  if (!Array.isArray(webhooks))
    throw new ServiceUnavailable("ElevenLabs answered with no list: check ELEVENLABS_API_URL");
  return list(webhooks).map(registered);
}

function registered(webhook: unknown): RegisteredWebhook {
  const failedAt = new Date(1000 * (number(at(webhook, "most_recent_failure_timestamp")) ?? Number.NaN));
  return {
    id: text(at(webhook, "webhook_id")) ?? "",
    name: words(at(webhook, "name")),
    url: text(at(webhook, "webhook_url")) ?? "",
    isDisabled: truth(at(webhook, "is_disabled")) === true,
    isAutoDisabled: truth(at(webhook, "is_auto_disabled")) === true,
    isRetrying: truth(at(webhook, "retry_enabled")),
    authType: words(at(webhook, "auth_type")),
    lastFailureCode: number(at(webhook, "most_recent_failure_error_code")),
    lastFailureAt: Number.isNaN(failedAt.getTime()) ? null : failedAt,
  };
}

/** @throws ServiceUnavailable if there are no settings: it would seem that no webhook is chosen. */
function postCallSettings(answer: unknown): PostCallSettings {
  if (!isObject(answer)) throw new ServiceUnavailable("ElevenLabs answered with none: check ELEVENLABS_API_URL");
  const webhooks = at(answer, "webhooks");
  const events = at(webhooks, "events");
  const transcriptFormat = words(at(webhooks, "transcript_format"));
  return {
    webhookId: words(at(webhooks, "post_call_webhook_id")),
    events: Array.isArray(events) ? list(events).flatMap((event) => text(event) ?? []) : null,
    isAudioSent: truth(at(webhooks, "send_audio")) === true,
    isTranscriptLeftOut: truth(at(webhooks, "exclude_transcript")) === true,
    ...(transcriptFormat !== null && { transcriptFormat }),
  };
}
