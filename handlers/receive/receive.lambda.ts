import { s3Puts } from "../clients/archive/s3-puts.client.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { cachedSecret } from "../clients/credentials/secrets.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import type { ReceiverVariables } from "./environment.ts";
import { httpHandler } from "./http-handler.ts";
import { secretsIn } from "./secrets-in.ts";

const { required, optional } = environment<ReceiverVariables>();
const secret = cachedSecret(required("WEBHOOK_SECRET_ARN"));

/** Receives ElevenLabs' webhooks: verifies, stores and answers them. */
export const handler = powertoolsHandler((observing) =>
  httpHandler({
    archive: s3Puts(required("ARCHIVE_BUCKET")),
    secrets: async () => secretsIn(await secret()),
    toleranceSeconds: Number(required("SIGNATURE_TOLERANCE_SECONDS")),
    storeTimeoutMs: 20_000,
    defaultCountryCode: optional("DEFAULT_COUNTRY_CODE"),
    allowedAddresses: optional("ALLOWED_ADDRESSES")?.split(","),
    now: () => new Date(),
    ...observing,
  }),
);
