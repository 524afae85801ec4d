import { CustomResource, Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { sha256 } from "../../handlers/call/digest.ts";
import type { ViewsVariables } from "../../handlers/compact/environment.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql } from "../../queries/tables/athena-view.ts";
import { NOTHING_CLOSED, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { acknowledge, acknowledgeObjects } from "./acknowledge.ts";
import type { Analytics } from "./analytics.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";
import { viewRights } from "./view-rights.ts";

export interface ViewsProps {
  readonly analytics: Analytics;
  readonly bundle: Bundle;
  readonly key: IKey | undefined;
}

/** Longer than the function retries while rights and tables settle: see `handlers/compact/retry-until-settled.ts`. */
const TIMEOUT = Duration.minutes(5);

/**
 * The views that analysts query. Each deployment that changes a view creates all of them again, with Athena.
 *
 * Athena writes the views, because their format in Glue is internal to Athena. If it fails, the deployment fails.
 */
export class Views extends Construct {
  constructor(scope: Construct, id: string, props: ViewsProps) {
    super(scope, id);
    const { analytics, bundle, key } = props;
    const handler = new ArchiveFunction<ViewsVariables>(this, "Handler", {
      bundle,
      key,
      description: "Creates the views over the archive's tables in each deployment that changes them",
      timeout: TIMEOUT,
      memoryMegabytes: 256,
      environment: {
        ANALYTICS_BUCKET: analytics.bucket.bucketName,
        WORKGROUP: analytics.workgroup.name,
        DATABASE: analytics.database.databaseName,
      },
    });
    for (const statement of viewRights(analytics)) handler.addToRolePolicy(statement);
    allowKey(handler, key, "s3");
    const { bucket } = analytics;
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ["s3:GetObject"], resources: [bucket.arnForObjects(STATE_KEY)] }),
    );
    // Without this right S3 returns 403 for a state that does not exist yet.
    handler.addToRolePolicy(new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }));
    const reason = "Athena writes each result under a new name";
    acknowledgeObjects(handler.executionRole, bucket as IBucket, ["results/*"], reason);
    const views = new CustomResource(this, "Views", {
      serviceToken: handler.functionArn,
      serviceTimeout: TIMEOUT.plus(Duration.minutes(1)),
      // A changed hash makes CloudFormation create the views again.
      properties: {
        views: sha256(Buffer.from(TABLES.map((table) => athenaViewSql(table, NOTHING_CLOSED)).join("\n"))),
      },
    });
    views.node.addDependency(analytics);
    acknowledge(views, "CloudFormation-Validate::W9003", "CDK writes its own serviceTimeout as a string");
  }
}
