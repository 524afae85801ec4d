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

/** The operation of a request, and the rights that it needs. */
export interface AwsCall {
  readonly operation: string;
  readonly needs: readonly Need[];
  /** The right without which S3 answers 403 where it would answer 404. */
  readonly toSeeAbsence?: Need;
}

/** The request is unknown to this mapping. Its test fails, so that nothing unknown is allowed. */
export class UnknownCall extends Error {
  override readonly name = "UnknownCall";
}

/**
 * The condition keys of every request: TLS, as at the endpoints of AWS. The loopback has no TLS, so this is assumed.
 */
export const EVERY_REQUEST = { "aws:securetransport": "true", "s3:tlsversion": "1.3" } as const;

/**
 * The access key id and the service in the signature of a request, which may be in its query (a presigned address);
 * `undefined` without one (AWS Signature Version 4).
 */
export function signerOf({ headers, url }: Pick<AwsRequest, "headers" | "url">) {
  const inQuery = /[?&]X-Amz-Credential=([^&]+)/.exec(url)?.[1];
  const signed = headers.authorization ?? (inQuery === undefined ? "" : `Credential=${decodeURIComponent(inQuery)}`);
  const [, accessKeyId, service] = /Credential=([^/,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(signed) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}
