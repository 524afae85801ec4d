import type { IncomingHttpHeaders } from "node:http";
import type { Need } from "./iam-policy.ts";

/** A request to AWS as it arrived. */
export interface AwsRequest {
  readonly method: string;
  /** The path and the query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a request asks for, and the rights that takes. */
export interface AwsCall {
  readonly operation: string;
  readonly needs: readonly Need[];
  /** The right without which S3 answers 403 where it would answer 404. */
  readonly toSeeAbsence?: Need;
}

/** A request that this mapping does not know. A test that meets one fails: nothing unknown is allowed. */
export class UnknownCall extends Error {
  override readonly name = "UnknownCall";
}

/** What every request has: TLS, as the endpoints of AWS do. The loopback has none, so that is an assumption. */
export const EVERY_REQUEST = { "aws:securetransport": "true", "s3:tlsversion": "1.3" } as const;

/** Whose key signed a request, and for which service; `undefined` if it is not signed (AWS Signature Version 4). */
export function signerOf({ authorization = "" }: IncomingHttpHeaders) {
  const [, accessKeyId, service] = /Credential=([^/,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}
