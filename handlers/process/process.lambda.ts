import { delayedMessage } from "../clients/delayed-message.client.ts";
import { elevenLabsRecordings } from "../clients/elevenlabs-recordings.client.ts";
import { optional, required } from "../clients/environment.client.ts";
import { memoriesUnder, recordingsUnder } from "../clients/keyed.ts";
import { mem0Memories } from "../clients/mem0.client.ts";
import { powertoolsHandler } from "../clients/powertools.client.ts";
import { s3Archive } from "../clients/s3-archive.client.ts";
import { cachedSecret } from "../clients/secrets.client.ts";
import { retryIn } from "../clients/visibility.client.ts";
import { queueHandler } from "./queue-handler.ts";
import { messageAbout } from "./s3-event.ts";

const mem0Secret = optional("MEM0_SECRET_ARN");
const elevenLabsSecret = optional("ELEVENLABS_SECRET_ARN");
const host = optional("MEM0_HOST");
const baseUrl = optional("ELEVENLABS_API_URL");
const send = delayedMessage(required("QUEUE_URL"));

/** Processes the objects that S3's messages tell of. */
export const handler = powertoolsHandler((observing) =>
  queueHandler({
    archive: s3Archive(required("ARCHIVE_BUCKET")),
    analytics: s3Archive(required("ANALYTICS_BUCKET")),
    memories: mem0Secret
      ? memoriesUnder(cachedSecret(mem0Secret), (apiKey) => mem0Memories({ apiKey, ...(host && { host }) }))
      : undefined,
    recordings: elevenLabsSecret
      ? recordingsUnder(cachedSecret(elevenLabsSecret), (apiKey) =>
          elevenLabsRecordings({ apiKey, ...(baseUrl && { baseUrl }) }),
        )
      : undefined,
    retryIn: retryIn(required("QUEUE_URL")),
    processLater: (key, seconds) => send(messageAbout(key), seconds),
    now: () => new Date(),
    ...observing,
  }),
);
