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

/** How many Athena resources are created at a time. More fail with TooManyRequests in a new account. */
const CREATED_AT_ONCE = 5;

/** The bucket of the rows, the Glue tables over it, the Athena workgroup, and its saved queries. */
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

  /** The ARN of a Glue resource in this region. */
  glueArn(resource: string): string {
    return Stack.of(this).formatArn({ service: "glue", resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  /** The ARN of an Athena resource in this region. */
  athenaArn(resource: string): string {
    return Stack.of(this).formatArn({ service: "athena", resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  private limitedWorkgroup(gigabytes: number, key: IKey | undefined): CfnWorkGroup {
    return new CfnWorkGroup(this, "Workgroup", {
      // A workgroup needs a name: CloudFormation generates none.
      name: Names.uniqueResourceName(this, { maxLength: 100, separator: "-" }),
      description: "Queries over the call archive",
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

  /** A named query for the console, and a prepared statement for programs, whose name may contain no hyphen. */
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

/** Makes CloudFormation create at most `CREATED_AT_ONCE` of these at a time. */
function createInGroups(resources: readonly CfnResource[]): void {
  for (const [place, resource] of resources.entries()) {
    const before = resources[place - CREATED_AT_ONCE];
    if (before) resource.addResourceDependency(before);
  }
}
