import { s3Archive } from "../clients/archive/s3-archive.client.ts";
import { delayedMessage } from "../clients/aws/delayed-message.client.ts";
import { ruleSwitch } from "../clients/aws/rule-switch.client.ts";
import { retryIn } from "../clients/aws/visibility.client.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { cachedSecret } from "../clients/credentials/secrets.client.ts";
import { elevenLabsRecordings } from "../clients/elevenlabs/elevenlabs-recordings.client.ts";
import { recordingsPerKey } from "../clients/elevenlabs/sources-per-key.ts";
import { deployedMemories } from "../clients/memory/deployed-memories.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import { wakeOnChange } from "../compact/wake-on-change.ts";
import type { ProcessorVariables } from "./environment.ts";
import { queueHandler } from "./queue-handler.ts";
import { messageAbout } from "./s3-event.ts";

const { required, optional } = environment<ProcessorVariables>();
const elevenLabsSecret = optional("ELEVENLABS_SECRET_ARN");
const busySchedule = optional("BUSY_SCHEDULE");
const baseUrl = optional("ELEVENLABS_API_URL");
const now = () => new Date();
const send = delayedMessage(required("QUEUE_URL"));

/** Processes the objects that are named in S3's messages. */
export const handler = powertoolsHandler((observing) =>
  queueHandler({
    archive: s3Archive(required("ARCHIVE_BUCKET"), undefined, {
      isReadSoon: optional("RECORDINGS_READ_SOON") === "true",
    }),
    analytics: wakeOnChange(s3Archive(required("ANALYTICS_BUCKET")), {
      busySchedule: busySchedule === undefined ? undefined : ruleSwitch(busySchedule),
      now,
      log: observing.log,
    }),
    memories: deployedMemories({ optional }),
    recordings: elevenLabsSecret
      ? recordingsPerKey(cachedSecret(elevenLabsSecret), (apiKey) =>
          elevenLabsRecordings({ apiKey, ...(baseUrl && { baseUrl }) }),
        )
      : undefined,
    defaultCountryCode: optional("DEFAULT_COUNTRY_CODE"),
    retryIn: retryIn(required("QUEUE_URL")),
    processLater: (key, seconds) => send(messageAbout(key), seconds),
    now,
    ...observing,
  }),
);
