import { ArnFormat, Stack } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { STATE_KEY } from "../../queries/tables/closed-days.ts";
import { acknowledge, acknowledgeObjects } from "./acknowledge.ts";
import type { Analytics } from "./analytics.ts";
import { athenaRights } from "./athena-rights.ts";
import { keyStatement } from "./encryption.ts";

export interface AnalystsProps {
  readonly analytics: Analytics;
  readonly key: IKey | undefined;
}

/**
 * The actions that Athena's console and the drivers of JDBC, ODBC and Grafana need before the first query. They list
 * catalogs, databases, tables, workgroups and engines (docs.aws.amazon.com: Actions for Amazon Athena, JDBC driver;
 * 2026-11).
 */
const BROWSING = [
  "athena:GetDataCatalog",
  "athena:GetDatabase",
  "athena:GetTableMetadata",
  "athena:ListDataCatalogs",
  "athena:ListDatabases",
  "athena:ListEngineVersions",
  "athena:ListTableMetadata",
  "athena:ListWorkGroups",
  "glue:GetDatabases",
];

/**
 * The policy of an analyst: run queries in the workgroup and read the tables. Attach it to a role or a group.
 *
 * It gives no access to delivered bytes, recordings or secrets. The only objects that it may write are query results.
 */
export class Analysts extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { analytics, key }: AnalystsProps) {
    super(scope, id);
    const { bucket } = analytics;
    this.policy = new ManagedPolicy(this, "Policy", {
      description: "Run saved queries over the call archive's tables",
      statements: [
        ...athenaRights(analytics),
        new PolicyStatement({ actions: ["cloudformation:DescribeStacks"], resources: [this.stackByName()] }),
        // These actions accept no narrower resource. They list names, not rows.
        new PolicyStatement({ actions: BROWSING, resources: ["*"] }),
        ...(key ? [keyStatement(key, ["s3"])] : []),
        new PolicyStatement({
          actions: [
            "athena:ListNamedQueries",
            "athena:GetNamedQuery",
            "athena:BatchGetNamedQuery",
            "athena:ListPreparedStatements",
            "athena:GetPreparedStatement",
            "athena:ListQueryExecutions",
            "athena:BatchGetQueryExecution",
            "athena:GetQueryResultsStream",
          ],
          resources: [analytics.athenaArn(`workgroup/${analytics.workgroup.name}`)],
        }),
        new PolicyStatement({
          actions: ["s3:GetObject"],
          // Which days are closed, for the read API on the analyst's machine.
          resources: ["live/*", "hours/*", "days/*", STATE_KEY].map((pattern) => bucket.arnForObjects(pattern)),
        }),
        new PolicyStatement({
          actions: ["s3:ListBucket"],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { "s3:prefix": ["live/*", "hours/*", "days/*", "results/*"] } },
        }),
      ],
    });
    const reason = "Analysts read rows and query results, which are many objects, by prefix";
    acknowledgeObjects(this.policy, bucket as IBucket, ["live/*", "hours/*", "days/*", "results/*"], reason);
    acknowledge(
      this.policy,
      "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      "Lists of names have no narrower resource",
    );
    const stack = `arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${Stack.of(this).stackName}/*`;
    acknowledge(this.policy, `AwsSolutions::AwsSolutions-IAM5[Resource::${stack}]`, "One stack, by its name");
  }

  /** The ARN of the stack with any id: `npm run query -- … --athena` names the stack, and a new stack has a new id. */
  private stackByName(): string {
    const { stackName } = Stack.of(this);
    const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
    return Stack.of(this).formatArn({
      service: "cloudformation",
      resource: "stack",
      resourceName: `${stackName}/*`,
      arnFormat,
    });
  }
}
