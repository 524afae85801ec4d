import { type Column, type Database, DataFormat, S3Table, Schema } from "@aws-cdk/aws-glue-alpha";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { sideTable } from "../../queries/tables/athena-view.ts";
import {
  type ColumnType,
  dayFolder,
  FIRST_DAY,
  HOUR,
  PACK,
  PARTITION,
  type Side,
  type Table,
} from "../../queries/tables/table.ts";

/** Glue's name of each column type. */
const GLUE_TYPE: Record<ColumnType, Column["type"]> = {
  string: Schema.STRING,
  boolean: Schema.BOOLEAN,
  int: Schema.INTEGER,
  bigint: Schema.BIG_INT,
  double: Schema.DOUBLE,
  timestamp: Schema.TIMESTAMP,
};

const CONTENTS: Record<Side, string> = {
  days: "closed days, in few objects",
  hours: "packed hours of open days, one object each",
  live: "one object per conversation",
};

/** The second partition column of a side, with its values. The view names those that a query reads. */
const SECOND_PARTITION: Partial<
  Record<Side, (typeof PACK | typeof HOUR) & { readonly projection: Readonly<Record<string, string>> }>
> = {
  hours: { ...PACK, projection: { type: "integer", range: "1,9999" } },
  live: { ...HOUR, projection: { type: "integer", range: "0,23", digits: "2" } },
};

/**
 * One of the three Glue tables behind a view. The Parquet is written from the same description.
 *
 * Its partitions are computed, not listed. So queries find a call of a new day at once, without a crawler, and read
 * only the days that they name.
 */
export function glueTable(scope: Construct, table: Table, side: Side, database: Database, bucket: Bucket): S3Table {
  const second = SECOND_PARTITION[side];
  const ofDay = dayFolder(table.name, side, `\${${PARTITION.name}}`);
  const place = second ? `${ofDay}${second.name}=\${${second.name}}/` : ofDay;
  const projections = Object.entries(second?.projection ?? {});
  return new S3Table(scope, sideTable(table, side), {
    database,
    bucket: bucket as IBucket,
    s3Prefix: `${side}/${table.name}/`,
    tableName: sideTable(table, side),
    description: `${table.grain}; ${CONTENTS[side]}`,
    dataFormat: DataFormat.PARQUET,
    columns: Object.entries(table.columns).map(([name, { type, comment }]) => ({
      name,
      type: GLUE_TYPE[type],
      comment,
    })),
    partitionKeys: [PARTITION, ...(second ? [second] : [])].map(({ name, type, comment }) => ({
      name,
      type: GLUE_TYPE[type],
      comment,
    })),
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
      ...Object.fromEntries(projections.map(([name, value]) => [`projection.${second?.name}.${name}`, value])),
      "storage.location.template": bucket.s3UrlForObject(place),
    },
  });
}
