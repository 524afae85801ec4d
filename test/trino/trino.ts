import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, inject } from "vitest";
import { s3 } from "../aws/aws.ts";

/** Where Trino listens, and its folder. Where it cannot run nothing that asks for it runs: see `describeTrino`. */
export const TRINO = inject("trino") ?? { url: "", folder: "" };

/** A group of tests that need Trino: skipped, and shown as skipped, where it cannot run. */
export const describeTrino = describe.skipIf(TRINO.url === "");

/** Makes `objects` all that there is in a bucket. */
export async function fill(Bucket: string, objects: readonly { key: string; body: Buffer }[]): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const Objects = Contents.map(({ Key }) => ({ Key }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await Promise.all(objects.map(({ key, body }) => s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }))));
}
