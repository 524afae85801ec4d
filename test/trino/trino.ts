import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, inject } from "vitest";
import { s3 } from "../aws/aws.ts";
import { writeObject } from "../queries/analytics-folder.ts";

/** The address of Trino, and its folder; empty if Trino cannot run here. See `describeTrino`. */
export const TRINO = inject("trino") ?? { url: "", folder: "" };

/** A group of tests that need Trino. It is skipped, and reported as skipped, if Trino cannot run. */
export const describeTrino = describe.skipIf(TRINO.url === "");

/** The address of the older Trino; empty if it cannot run here. See `describeOlderTrino`. */
export const OLDER_TRINO = inject("olderTrino") ?? { url: "" };

/** A group of tests that need the older Trino. It is skipped, and reported as skipped, if that cannot run. */
export const describeOlderTrino = describe.skipIf(OLDER_TRINO.url === "");

/** Replaces the content of a bucket with `objects`. */
export async function fill(Bucket: string, objects: readonly { key: string; body: Buffer }[]): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const Objects = Contents.map(({ Key }) => ({ Key }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await Promise.all(objects.map(({ key, body }) => s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }))));
}

/** Does the same in the catalog `folder`, which lists the 24 hours of each live day much faster than moto's S3. */
export async function fillFolder(name: string, objects: readonly { key: string; body: Buffer }[]): Promise<void> {
  const folder = join(TRINO.folder, name);
  await rm(folder, { recursive: true, force: true });
  for (const { key, body } of objects) await writeObject(folder, key, body);
}
