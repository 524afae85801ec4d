import { s3Archive } from "../clients/archive/s3-archive.client.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { cachedSecret } from "../clients/credentials/secrets.client.ts";
import { elevenLabsAgents } from "../clients/elevenlabs/elevenlabs-agents.client.ts";
import { elevenLabsConversations } from "../clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../clients/elevenlabs/elevenlabs-recordings.client.ts";
import { elevenLabsWebhooks } from "../clients/elevenlabs/elevenlabs-webhooks.client.ts";
import {
  agentsPerKey,
  conversationsPerKey,
  recordingsPerKey,
  webhooksPerKey,
} from "../clients/elevenlabs/sources-per-key.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import type { ReconcilerVariables } from "./environment.ts";
import { reconcileHandler } from "./schedule-handler.ts";

const { required, optional } = environment<ReconcilerVariables>();
const key = cachedSecret(required("ELEVENLABS_SECRET_ARN"));
const baseUrl = optional("ELEVENLABS_API_URL");
const now = () => new Date();
const options = (apiKey: string) => ({ apiKey, retries: 8, longestPauseMs: 60_000, ...(baseUrl && { baseUrl }) });

/** The retries for one agent take about 1.5 minutes, because the function has a timeout. The next day tries again. */
const shortRetries = { retries: 2, longestPauseMs: 20_000 };

/** Fetches calls and recordings that the archive lacks from ElevenLabs, and checks the webhook's settings. */
export const handler = powertoolsHandler((observing) =>
  reconcileHandler({
    archive: s3Archive(required("ARCHIVE_BUCKET"), undefined, {
      isReadSoon: optional("RECORDINGS_READ_SOON") === "true",
    }),
    analytics: s3Archive(required("ANALYTICS_BUCKET")),
    conversations: conversationsPerKey(key, (apiKey) => elevenLabsConversations(options(apiKey))),
    recordings: recordingsPerKey(key, (apiKey) => elevenLabsRecordings(options(apiKey))),
    webhooks: webhooksPerKey(key, (apiKey) => elevenLabsWebhooks(options(apiKey), now)),
    agents: agentsPerKey(key, (apiKey) => elevenLabsAgents({ ...options(apiKey), ...shortRetries })),
    webhookUrl: required("WEBHOOK_URL"),
    defaultCountryCode: optional("DEFAULT_COUNTRY_CODE"),
    hours: Number(required("RECONCILE_HOURS")),
    now,
    ...observing,
  }),
);
