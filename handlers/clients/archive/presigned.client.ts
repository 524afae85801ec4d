import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { awsRetryPolicy } from "../aws/aws-retry-policy.ts";

/**
 * How long an address is valid, in seconds: as long as a person listens to a long call. It ends earlier with the
 * session of the credentials that signed it.
 */
const VALID_SECONDS = 3_600;

/**
 * Returns a function that signs addresses of objects in `bucket`. An address grants its holder the right of the signer
 * to read this one object, also by ranges. Signing sends no request.
 */
export function presignedAddress(bucket: string, client = new S3Client(awsRetryPolicy())) {
  return (
    key: string,
    { contentType, method }: { readonly contentType: string; readonly method: "GET" | "HEAD" },
  ): Promise<string> => {
    const input = { Bucket: bucket, Key: key, ResponseContentType: contentType };
    const command = method === "GET" ? new GetObjectCommand(input) : new HeadObjectCommand(input);
    return getSignedUrl(client, command, { expiresIn: VALID_SECONDS });
  };
}
