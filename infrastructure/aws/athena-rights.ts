import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Analytics } from "./analytics.ts";

/** The rights to run statements in the archive's workgroup and to find its tables by name. */
export function athenaRights(analytics: Analytics): PolicyStatement[] {
  const { bucket, database, tableArns } = analytics;
  const results = bucket.arnForObjects("results/*");
  return [
    new PolicyStatement({
      actions: [
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
      ],
      resources: [analytics.athenaArn(`workgroup/${analytics.workgroup.name}`)],
    }),
    new PolicyStatement({
      actions: ["athena:GetDataCatalog"],
      resources: [analytics.athenaArn("datacatalog/AwsDataCatalog")],
    }),
    new PolicyStatement({
      actions: ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
      resources: [analytics.glueArn("catalog"), analytics.glueArn(`database/${database.databaseName}`), ...tableArns],
    }),
    // Athena reads the database `default` for every query (docs.aws.amazon.com, Athena with Glue policies, 2026-11).
    new PolicyStatement({ actions: ["glue:GetDatabase"], resources: [analytics.glueArn("database/default")] }),
    new PolicyStatement({
      actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [results],
    }),
    new PolicyStatement({
      actions: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      resources: [bucket.bucketArn],
    }),
  ];
}
