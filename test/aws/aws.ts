import { randomUUID } from "node:crypto";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, inject } from "vitest";
import { awsAt } from "../support/fixtures/aws-client.ts";

/** Where moto listens. Where it is not installed nothing that asks for it runs: see `describeAws`. */
export const MOTO = inject("moto") ?? "";

/** The options of every client of a test. */
export const AWS = awsAt(MOTO);

/** What a Lambda finds in its environment, for moto. */
export const AWS_ENV = {
  AWS_ENDPOINT_URL: AWS.endpoint,
  AWS_REGION: AWS.region,
  AWS_ACCESS_KEY_ID: AWS.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: AWS.credentials.secretAccessKey,
};

/** A group of tests that need moto: skipped, and shown as skipped, where it is not installed. */
export const describeAws = describe.skipIf(MOTO === "");

export const s3 = new S3Client(AWS);

/** A bucket of its own, versioned unless told otherwise. */
export async function aBucket({ versioned = true } = {}): Promise<string> {
  const Bucket = `test-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (versioned) {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  return Bucket;
}
