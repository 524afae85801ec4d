import { randomUUID } from "node:crypto";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, inject } from "vitest";
import { awsAt } from "../support/fixtures/aws-client.ts";

/** The address of moto; empty if it is not installed. See `describeAws`. */
export const MOTO = inject("moto") ?? "";

/** The options of every AWS client in a test. */
export const AWS = awsAt(MOTO);

/** The environment of a Lambda function that uses moto. */
export const AWS_ENV = {
  AWS_ENDPOINT_URL: AWS.endpoint,
  AWS_REGION: AWS.region,
  AWS_ACCESS_KEY_ID: AWS.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: AWS.credentials.secretAccessKey,
};

/** A group of tests that need moto. It is skipped, and reported as skipped, if moto is not installed. */
export const describeAws = describe.skipIf(MOTO === "");

export const s3 = new S3Client(AWS);

/** Creates a bucket, versioned by default, and returns its name. */
export async function aBucket({ versioned = true } = {}): Promise<string> {
  const Bucket = `test-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (versioned) {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  return Bucket;
}
