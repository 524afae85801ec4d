import { extendedEncodeURIComponent } from "@smithy/core/protocols";
import { awsEndpoint } from "../aws/aws-endpoint.client.ts";
import { OBJECT_TIMEOUT_MS } from "../aws/aws-retry-policy.ts";
import { signedRequests } from "../aws/signed-requests.client.ts";
import type { PlainPutOptions } from "./archive.ts";

/**
 * Puts objects into an S3 bucket, as `s3Archive` does, and does nothing else. It is loaded in a fraction of the time.
 *
 * The signature contains the SHA-256 of the body, so S3 refuses a body that changed on its way.
 */
export function s3Puts(bucket: string, { requestTimeout = OBJECT_TIMEOUT_MS } = {}) {
  const send = signedRequests({ service: "s3", endpoint: awsEndpoint("s3", bucket), retries: { requestTimeout } });
  return {
    async put(key: string, body: Buffer, { metadata = {}, contentType }: PlainPutOptions = {}): Promise<void> {
      const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
      const headers = {
        ...Object.fromEntries(named),
        ...(contentType !== undefined && { "content-type": contentType }),
      };
      const path = `/${key.split("/").map(extendedEncodeURIComponent).join("/")}`;
      await send({ method: "PUT", path, headers, body });
    },
  };
}
