import { type Column, type Database, DataFormat, S3Table, Schema } from "@aws-cdk/aws-glue-alpha";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { sideTable } from "../../queries/tables/athena-view.ts";
import { type ColumnType, dayFolder, FIRST_DAY, PARTITION, type Side, type Table } from "../../queries/tables/table.ts";

/** Glue's name of each column type. */
const GLUE_TYPE: Record<ColumnType, Column["type"]> = {
  string: Schema.STRING,
  boolean: Schema.BOOLEAN,
  int: Schema.INTEGER,
  bigint: Schema.BIG_INT,
  double: Schema.DOUBLE,
  timestamp: Schema.TIMESTAMP,
};

/**
 * One of the two Glue tables behind a view. The Parquet is written from the same description.
 *
 * Its partitions are computed, not listed. So queries find a call of a new day at once, without a crawler, and read
 * only the days that they name.
 */
export function glueTable(scope: Construct, table: Table, side: Side, database: Database, bucket: Bucket): S3Table {
  const ofDay = dayFolder(table.name, side, `\${${PARTITION.name}}`);
  return new S3Table(scope, sideTable(table, side), {
    database,
    bucket: bucket as IBucket,
    s3Prefix: `${side}/${table.name}/`,
    tableName: sideTable(table, side),
    description: `${table.grain}; ${side === "live" ? "one object per conversation" : "closed days, in few objects"}`,
    dataFormat: DataFormat.PARQUET,
    columns: Object.entries(table.columns).map(([name, { type, comment }]) => ({
      name,
      type: GLUE_TYPE[type],
      comment,
    })),
    partitionKeys: [{ name: PARTITION.name, type: Schema.STRING, comment: PARTITION.comment }],
    parameters: {
      // CDK's default is true. Athena would then expect client-side encryption and could not read the objects.
      has_encrypted_data: "false",
      "projection.enabled": "true",
      [`projection.${PARTITION.name}.type`]: "date",
      [`projection.${PARTITION.name}.format`]: "yyyy-MM-dd",
      // A call may have the date of a time zone that is ahead of UTC.
      [`projection.${PARTITION.name}.range`]: `${FIRST_DAY},NOW+1DAYS`,
      [`projection.${PARTITION.name}.interval`]: "1",
      [`projection.${PARTITION.name}.interval.unit`]: "DAYS",
      "storage.location.template": bucket.s3UrlForObject(ofDay),
    },
  });
}
