import { Database } from "@aws-cdk/aws-glue-alpha";
import { ArnFormat, Duration, Names, Stack } from "aws-cdk-lib";
import { CfnNamedQuery, CfnPreparedStatement, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { sideTable } from "../../queries/tables/athena-view.ts";
import { SIDES } from "../../queries/tables/table.ts";
import { PRIVATE_BUCKET } from "./archive-bucket.ts";
import { glueTable } from "./glue-table.ts";

export interface AnalyticsProps {
  readonly accessLogs: Bucket;
  readonly queries: readonly SavedQuery[];
  /** The most that one query may read. */
  readonly queryLimitGigabytes: number;
}

const GIGABYTE = 1024 ** 3;

/** Everything that makes the archive searchable: rows, tables, the workgroup, and the saved queries in it. */
export class Analytics extends Construct {
  readonly bucket: Bucket;
  readonly database: Database;
  readonly workgroup: CfnWorkGroup;
  /** Every table and view, as ARNs. */
  readonly tableArns: readonly string[];

  constructor(scope: Construct, id: string, { accessLogs, queries, queryLimitGigabytes }: AnalyticsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      ...PRIVATE_BUCKET,
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: "analytics/",
      lifecycleRules: [
        {
          id: "rows",
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        { id: "results", prefix: "results/", expiration: Duration.days(14) },
      ],
    });
    this.database = new Database(this, "Database", { description: "Every call of the archive, in tables" });
    for (const table of TABLES) {
      for (const side of SIDES) glueTable(this, table, side, this.database, this.bucket);
    }
    this.workgroup = this.limitedWorkgroup(queryLimitGigabytes);
    for (const query of queries) this.save(query);
    const names = TABLES.flatMap((table) => [table.name, ...SIDES.map((side) => sideTable(table, side))]);
    this.tableArns = names.map((name) => this.glueArn(`table/${this.database.databaseName}/${name}`));
  }

  /** The ARN of something in this region's Glue. */
  glueArn(resource: string): string {
    return Stack.of(this).formatArn({ service: "glue", resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  /** The ARN of something in this region's Athena. */
  athenaArn(resource: string): string {
    return Stack.of(this).formatArn({ service: "athena", resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  private limitedWorkgroup(gigabytes: number): CfnWorkGroup {
    return new CfnWorkGroup(this, "Workgroup", {
      // Athena has no names of its own making.
      name: Names.uniqueResourceName(this, { maxLength: 100, separator: "-" }),
      description: "Questions to the call archive",
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: gigabytes * GIGABYTE,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: this.bucket.s3UrlForObject("results/"),
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
    });
  }

  /** For the console as a named query, for programs as a prepared statement; its name cannot hold a hyphen. */
  private save({ name, question, sql }: SavedQuery): void {
    const query = new CfnNamedQuery(this, `Query-${name}`, {
      database: this.database.databaseName,
      workGroup: this.workgroup.name,
      name,
      description: question,
      queryString: sql,
    });
    const statement = new CfnPreparedStatement(this, `Statement-${name}`, {
      workGroup: this.workgroup.name,
      statementName: name.replaceAll("-", "_"),
      description: question,
      queryStatement: sql,
    });
    for (const each of [query, statement]) each.addResourceDependency(this.workgroup);
  }
}
