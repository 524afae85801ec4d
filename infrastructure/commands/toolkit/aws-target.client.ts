import { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { s3Archive } from "../../../handlers/clients/archive/s3-archive.client.ts";
import { athena } from "../../../handlers/clients/aws/athena.client.ts";
import { athenaEngine } from "../../../handlers/clients/aws/athena-engine.ts";
import { awsRetryPolicy } from "../../../handlers/clients/aws/aws-retry-policy.ts";
import { memoryService } from "../../../handlers/clients/memory/memory-service.client.ts";
import { secretsIn } from "../../../handlers/receive/secrets-in.ts";
import { sqlName } from "../../../queries/tables/sql-text.ts";
import { MEMORY_KEY } from "../../aws/outputs.ts";
import { secretValue } from "./stack-installation.client.ts";
import { stackOutputs } from "./stack-outputs.client.ts";
import type { Target } from "./target.ts";

/**
 * The archive that is deployed as `stackName`, in the region and with the rights of the environment.
 *
 * Where `secret` is not given, it is read from Secrets Manager.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function awsTarget(stackName: string, url?: string, secret?: string): Promise<Target> {
  const { output, optional } = await stackOutputs(stackName);
  const client = new S3Client(awsRetryPolicy({ requestTimeout: 30_000 }));
  const [archiveBucket, analyticsBucket] = [output("ArchiveBucketName"), output("AnalyticsBucketName")];
  const archive = s3Archive(archiveBucket, client);
  const engine = athenaEngine(athena({ workgroup: output("WorkgroupName"), database: output("DatabaseName") }));

  /** Every version of one object. A sample call's have few: they fit into one page. */
  async function removeVersions(Bucket: string, key: string) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
    for (const { Key = "", VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      if (Key === key) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
  }

  return {
    url: url ?? output("WebhookUrl"),
    secret: secret ?? (await firstSecret(output("WebhookSecretArn"))),
    archive,
    async object(key) {
      const head = await archive.head(key);
      if (!head) return undefined;
      const { StorageClass = "STANDARD" } = await client.send(
        new HeadObjectCommand({ Bucket: archiveBucket, Key: key }),
      );
      return { ...head, storageClass: StorageClass };
    },
    async rows(table, day, conversation) {
      const sql = `select count(*) as n from ${sqlName(table)} where dt = ? and conversation_id = ?`;
      const { rows } = await engine.run(sql, [day, conversation]);
      return Number(rows[0]?.[0] ?? 0);
    },
    async remove({ keys, rowKeys, conversation, userIds }) {
      for (const key of keys) await removeVersions(archiveBucket, key);
      for (const key of rowKeys) await removeVersions(analyticsBucket, key);
      const keyArn = optional(MEMORY_KEY);
      if (keyArn === undefined || userIds.length === 0) return;
      const memories = await memoryService({ apiKey: await firstSecret(keyArn) });
      for (const userId of userIds) await memories.forget(userId, conversation, { inFlight: false });
    },
    lookAt: {
      delivery: `the log group ${output("ReceiverLogGroup")}, and whether the secret ${output("WebhookSecretArn")} is right`,
      processing: `the log group ${output("ProcessorLogGroup")}, and the dead letters in ${output("DeadLettersUrl")}`,
      rows: `the workgroup ${output("WorkgroupName")} in Athena, and s3://${analyticsBucket}/live/`,
    },
  };
}

async function firstSecret(arn: string): Promise<string> {
  return secretsIn(await secretValue(arn))[0] ?? "";
}
