import { Stack } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledgeObjects } from "./acknowledge.ts";
import type { Analytics } from "./analytics.ts";
import { athenaRights } from "./athena-rights.ts";

/**
 * What an analyst may do: run queries in the workgroup and read the tables. Attach it to a role or a group.
 *
 * It opens neither what was received nor a recording nor a secret, and writes nothing but its own answers.
 */
export class Analysts extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, analytics: Analytics) {
    super(scope, id);
    const { bucket } = analytics;
    this.policy = new ManagedPolicy(this, "Policy", {
      description: "Run saved queries over the call archive's tables",
      statements: [
        ...athenaRights(analytics),
        // The stack says which workgroup and database: `npm run query -- … --athena` asks it.
        new PolicyStatement({ actions: ["cloudformation:DescribeStacks"], resources: [Stack.of(this).stackId] }),
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
          resources: [bucket.arnForObjects("live/*"), bucket.arnForObjects("days/*")],
        }),
        new PolicyStatement({
          actions: ["s3:ListBucket"],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { "s3:prefix": ["live/*", "days/*", "results/*"] } },
        }),
      ],
    });
    const reason = "Rows and answers are many objects: reading them by prefix is what the policy is for";
    acknowledgeObjects(this.policy, bucket as IBucket, ["live/*", "days/*", "results/*"], reason);
  }
}
