import { Database } from "@aws-cdk/aws-glue-alpha";
import { ArnFormat, type CfnResource, Duration, Names, Stack } from "aws-cdk-lib";
import { CfnNamedQuery, CfnPreparedStatement, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { sideTable } from "../../queries/tables/athena-view.ts";
import { SIDES } from "../../queries/tables/table.ts";
import { privateBucket } from "./archive-bucket.ts";
import { glueTable } from "./glue-table.ts";

export interface AnalyticsProps {
  readonly accessLogs: Bucket;
  readonly queries: readonly SavedQuery[];
  /** The most that one query may read. */
  readonly queryLimitGigabytes: number;
  readonly key: IKey | undefined;
}

const GIGABYTE = 1024 ** 3;

/** How many resources of Athena are created at a time: a new account answers more with TooManyRequests. */
const CREATED_AT_ONCE = 5;

/** Everything that makes the archive searchable: rows, tables, the workgroup, and the saved queries in it. */
export class Analytics extends Construct {
  readonly bucket: Bucket;
  readonly database: Database;
  readonly workgroup: CfnWorkGroup;
  /** Every table and view, as ARNs. */
  readonly tableArns: readonly string[];

  constructor(scope: Construct, id: string, { accessLogs, queries, queryLimitGigabytes, key }: AnalyticsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      ...privateBucket(key),
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
    this.workgroup = this.limitedWorkgroup(queryLimitGigabytes, key);
    createInGroups(queries.flatMap((query) => this.saved(query)));
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

  private limitedWorkgroup(gigabytes: number, key: IKey | undefined): CfnWorkGroup {
    return new CfnWorkGroup(this, "Workgroup", {
      // Athena has no names of its own making.
      name: Names.uniqueResourceName(this, { maxLength: 100, separator: "-" }),
      description: "Questions to the call archive",
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: Math.floor(gigabytes * GIGABYTE),
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: this.bucket.s3UrlForObject("results/"),
          encryptionConfiguration: key
            ? { encryptionOption: "SSE_KMS", kmsKey: key.keyArn }
            : { encryptionOption: "SSE_S3" },
        },
      },
    });
  }

  /** For the console as a named query, for programs as a prepared statement; its name cannot hold a hyphen. */
  private saved({ name, question, sql }: SavedQuery): CfnResource[] {
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
    return [query, statement];
  }
}

/** Has CloudFormation create each of these when the one some places before it is there. */
function createInGroups(resources: readonly CfnResource[]): void {
  for (const [place, resource] of resources.entries()) {
    const before = resources[place - CREATED_AT_ONCE];
    if (before) resource.addResourceDependency(before);
  }
}
