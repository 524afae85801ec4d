import { at, boolean, isObject, list, number, text, words } from "../../call/json.ts";
import { secondsAhead } from "../clock.ts";
import { readJson } from "../http/json-response.ts";
import { refusalOf, ServiceRefused, ServiceUnavailable, whileTryingTo } from "../http/service-errors.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { postCallSettings } from "./post-call-settings.ts";
import type { PostCallSettings, RegisteredWebhook, Unseen, WebhookSource } from "./webhook-source.ts";

const WEBHOOKS = "/v1/workspace/webhooks";

/**
 * The settings of webhooks from ElevenLabs' REST API: `GET /v1/workspace/webhooks`, and `webhooks` of `GET
 * /v1/convai/settings` (names as in the types of its SDK 2.73.0, and `retry_enabled` as documented, 2026-11).
 *
 * Only an admin's key may request `include_usages`. The answer without it has everything that is read here (its Python
 * SDK of 2026-07-23: only `usage` and `events` depend on it). A part that the key may not read is `unseen`.
 *
 * Its errors are `ServiceRefused`, if the key may read neither, and `ServiceUnavailable`.
 *
 * @throws Error if the key is malformed.
 */
export function elevenLabsWebhooks(options: ElevenLabsOptions, now: () => Date): WebhookSource {
  const api = elevenLabsApi(options);
  return {
    async state() {
      let clockAheadSecs: number | null = null;
      const read = async (response: Response) => {
        clockAheadSecs ??= secondsAhead(response.headers.get("date"), now());
        return readJson(response);
      };
      const listed = async (path: string) =>
        whileTryingTo("read the webhooks", async () => webhooksIn(await api(path, read)));
      const ofAdmin = await refusalOf(() => listed(`${WEBHOOKS}?include_usages=true`));
      const webhooks = ofAdmin instanceof ServiceRefused ? await refusalOf(() => listed(WEBHOOKS)) : ofAdmin;
      const settings = await refusalOf(() =>
        whileTryingTo("read the settings of agents", async () => settingsIn(await api("/v1/convai/settings", read))),
      );
      if (webhooks instanceof ServiceRefused && settings instanceof ServiceRefused) throw webhooks;
      return { webhooks: orUnseen(webhooks), settings: orUnseen(settings), clockAheadSecs };
    },
  };
}

function orUnseen<Seen>(seen: Seen | ServiceRefused): Seen | Unseen {
  return seen instanceof ServiceRefused ? { unseen: seen.message } : seen;
}

/** @throws ServiceUnavailable if there is no list. An empty one would mean that there is no webhook. */
function webhooksIn(answer: unknown): RegisteredWebhook[] {
  const webhooks = at(answer, "webhooks");
  if (!Array.isArray(webhooks))
    throw new ServiceUnavailable("ElevenLabs answered without a list: check ELEVENLABS_API_URL");
  return list(webhooks).map(registered);
}

function registered(webhook: unknown): RegisteredWebhook {
  const failedAt = new Date(1000 * (number(at(webhook, "most_recent_failure_timestamp")) ?? Number.NaN));
  return {
    id: text(at(webhook, "webhook_id")) ?? "",
    name: words(at(webhook, "name")),
    url: text(at(webhook, "webhook_url")) ?? "",
    isDisabled: boolean(at(webhook, "is_disabled")) === true,
    isAutoDisabled: boolean(at(webhook, "is_auto_disabled")) === true,
    isRetrying: boolean(at(webhook, "retry_enabled")),
    authType: words(at(webhook, "auth_type")),
    lastFailureCode: number(at(webhook, "most_recent_failure_error_code")),
    lastFailureAt: Number.isNaN(failedAt.getTime()) ? null : failedAt,
  };
}

/** @throws ServiceUnavailable if there are no settings. Empty ones would mean that no webhook is chosen. */
function settingsIn(answer: unknown): PostCallSettings {
  if (!isObject(answer)) throw new ServiceUnavailable("ElevenLabs answered without settings: check ELEVENLABS_API_URL");
  return postCallSettings(at(answer, "webhooks"));
}
