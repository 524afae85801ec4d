import { ArnFormat, Duration, Names, Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { CompactorVariables } from "../../handlers/compact/environment.ts";
import { STATE_KEY } from "../../queries/tables/closed-days.ts";
import { acknowledgeObjects } from "./acknowledge.ts";
import type { Analytics } from "./analytics.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";
import { viewRights } from "./view-rights.ts";

export interface CompactorProps {
  readonly analytics: Analytics;
  readonly bundle: Bundle;
  /** How many hours after its end a day is closed. */
  readonly closeAfterHours: number;
  readonly key: IKey | undefined;
}

/** A rule of EventBridge. */
export interface BusySchedule {
  readonly name: string;
  readonly arn: string;
}

/** The minute of each hour at which it runs: when the hour before may be packed. A day is closed at most an hour late. */
const MINUTE = "20";

/** How often it runs while there is work: a change to a closed day is visible within a quarter of an hour. */
const EVERY_WHILE_BUSY = Duration.minutes(5);

/** The function that closes past days, and rebuilds closed days that changed. */
export class Compactor extends Construct {
  readonly handler: ArchiveFunction<CompactorVariables>;
  /** The schedule that runs it while there is work. The processor and the compactor enable it, the compactor disables it. */
  readonly busySchedule: BusySchedule;

  constructor(scope: Construct, id: string, { analytics, bundle, closeAfterHours, key }: CompactorProps) {
    super(scope, id);
    this.busySchedule = this.busyScheduleNamed(Names.uniqueResourceName(this, { maxLength: 64, separator: "-" }));
    this.handler = new ArchiveFunction<CompactorVariables>(this, "Handler", {
      bundle,
      key,
      description: "Closes past days of the archive's tables, and rebuilds closed days that changed",
      timeout: Duration.minutes(15),
      // Measured: docs/decisions, 2026-11-25-days-are-closed-by-hyparquet.
      memoryMegabytes: 2_048,
      environment: {
        ANALYTICS_BUCKET: analytics.bucket.bucketName,
        WORKGROUP: analytics.workgroup.name,
        DATABASE: analytics.database.databaseName,
        CLOSE_AFTER_HOURS: String(closeAfterHours),
        BUSY_SCHEDULE: this.busySchedule.name,
      },
    });
    // No retry: the next scheduled run continues where this one ended.
    this.handler.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, "Schedule", {
      description: "Runs the compactor",
      schedule: Schedule.cron({ minute: MINUTE }),
      targets: [new LambdaFunction(this.handler)],
    });
    new Rule(this, "BusySchedule", {
      ruleName: this.busySchedule.name,
      description: "Runs the compactor while there is work. The compactor disables it when there is none",
      schedule: Schedule.rate(EVERY_WHILE_BUSY),
      targets: [new LambdaFunction(this.handler)],
    });
    this.allow(analytics);
    allowKey(this.handler, key, "s3");
  }

  /** The rule has a name, because the function needs it, and a reference would be a circular dependency. */
  private busyScheduleNamed(name: string): BusySchedule {
    const { SLASH_RESOURCE_NAME: arnFormat } = ArnFormat;
    return {
      name,
      arn: Stack.of(this).formatArn({ service: "events", resource: "rule", resourceName: name, arnFormat }),
    };
  }

  /** It may read live objects but never write them. It may delete only dirty markers and packs. */
  private allow(analytics: Analytics): void {
    const { bucket } = analytics;
    for (const statement of viewRights(analytics)) this.handler.addToRolePolicy(statement);
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(
      ["s3:GetObject"],
      ...["live/*", "hours/*", "days/*", STATE_KEY].map((pattern) => bucket.arnForObjects(pattern)),
    );
    allow(["s3:PutObject"], ...["days/*", "hours/*", STATE_KEY].map((pattern) => bucket.arnForObjects(pattern)));
    allow(["s3:DeleteObject"], ...["compaction/dirty/*", "hours/*"].map((pattern) => bucket.arnForObjects(pattern)));
    allow(["s3:ListBucket"], bucket.bucketArn);
    allow(["events:EnableRule", "events:DisableRule"], this.busySchedule.arn);
    const patterns = ["live/*", "hours/*", "days/*", "compaction/dirty/*", "results/*"];
    const reason = "By prefix: the keys of a day's objects and of Athena's results are not known in advance";
    acknowledgeObjects(this.handler.executionRole, bucket as IBucket, patterns, reason);
  }
}
