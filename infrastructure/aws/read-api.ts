import { Duration, Fn, Stack } from "aws-cdk-lib";
import {
  type CfnApi,
  CfnRoute,
  CfnStage,
  type HttpApi,
  HttpMethod,
  type HttpRoute,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ReadApiVariables } from "../../handlers/read/environment.ts";
import { PREFIX } from "../../handlers/read/http/routes.ts";
import { STATE_KEY } from "../../queries/tables/closed-days.ts";
import { acknowledge, acknowledgeObjects } from "./acknowledge.ts";
import type { Analytics } from "./analytics.ts";
import { ArchiveFunction } from "./archive-function.ts";
import { athenaRights } from "./athena-rights.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";

export interface ReadApiProps {
  /** The HTTP API that gets its routes. */
  readonly api: HttpApi;
  readonly archive: Bucket;
  readonly analytics: Analytics;
  readonly bundle: Bundle;
  readonly key: IKey | undefined;
}

/** The methods of the read API. API Gateway refuses every other one. */
const METHODS = [HttpMethod.GET, HttpMethod.HEAD];

/** Requests a second, and in a burst: few, because in a small account they use the functions that receive calls. */
const THROTTLE = { rate: 10, burst: 20 };

/** The objects of the archive that a request reads: indexes, calls and recordings. */
const READ_IN_ARCHIVE = ["_index/*", "*.json", "*.mp3"];

/** The objects of the analytics that Athena reads, and writes as its results. */
const READ_BY_ATHENA = ["live/*", "hours/*", "days/*"];

/**
 * The read API: a function behind routes of the HTTP API whose callers sign with IAM. It may read the archive and query
 * the tables. The only objects that it may write are Athena's results, and it may read no secret.
 */
export class ReadApi extends Construct {
  readonly handler: ArchiveFunction<ReadApiVariables>;
  /** The address of the read API. */
  readonly url: string;
  /** The right to call the read API. Attach it to the roles of its callers. */
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: ReadApiProps) {
    super(scope, id);
    const { api, archive, analytics, key } = props;
    this.handler = new ArchiveFunction<ReadApiVariables>(this, "Handler", {
      bundle: props.bundle,
      key,
      description: "Answers requests of the read API",
      // API Gateway waits at most 30 s. Queries end nine seconds earlier.
      timeout: Duration.seconds(29),
      memoryMegabytes: 1_024,
      environment: {
        ARCHIVE_BUCKET: archive.bucketName,
        ANALYTICS_BUCKET: analytics.bucket.bucketName,
        DATABASE: analytics.database.databaseName,
        WORKGROUP: analytics.workgroup.name,
      },
    });
    this.allow(archive, analytics);
    allowKey(this.handler, key, "s3");
    const routes = this.addRoutes(api);
    this.url = Fn.join("", [api.apiEndpoint, PREFIX]);
    this.policy = new ManagedPolicy(this, "Callers", {
      description: "Call the read API of the call archive",
      statements: [
        new PolicyStatement({ actions: ["execute-api:Invoke"], resources: routes.map(({ routeArn }) => routeArn) }),
      ],
    });
    const apiId = Stack.of(this).getLogicalId(api.node.defaultChild as CfnApi);
    for (const method of METHODS) {
      const paths = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${apiId}>/*/${method}${PREFIX}/*`;
      acknowledge(this.policy, `AwsSolutions::AwsSolutions-IAM5[Resource::${paths}]`, "Every path of the read API");
    }
  }

  private allow(archive: Bucket, analytics: Analytics): void {
    const { bucket } = analytics;
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    for (const statement of athenaRights(analytics)) this.handler.addToRolePolicy(statement);
    allow(["s3:GetObject"], ...[...READ_BY_ATHENA, STATE_KEY].map((pattern) => bucket.arnForObjects(pattern)));
    allow(["s3:GetObject"], ...READ_IN_ARCHIVE.map((pattern) => archive.arnForObjects(pattern)));
    // Athena lists the days. Without this right S3 also returns 403 for a missing object.
    allow(["s3:ListBucket"], archive.bucketArn, bucket.bucketArn);
    const role = this.handler.executionRole;
    acknowledgeObjects(role, archive as IBucket, READ_IN_ARCHIVE, "A request may be about any call; reads only");
    const reason = "Athena reads rows and writes results with the rights of its caller, by prefix";
    acknowledgeObjects(role, bucket as IBucket, [...READ_BY_ATHENA, "results/*"], reason);
  }

  private addRoutes(api: HttpApi): HttpRoute[] {
    const integration = new HttpLambdaIntegration("Read", this.handler);
    const authorizer = new HttpIamAuthorizer();
    const routes = api.addRoutes({ path: `${PREFIX}/{proxy+}`, methods: METHODS, integration, authorizer });
    const stage = api.defaultStage?.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error("the HTTP API has no default stage");
    const { rate, burst } = THROTTLE;
    stage.routeSettings = Object.fromEntries(
      METHODS.map((method) => [
        `${method} ${PREFIX}/{proxy+}`,
        { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
      ]),
    );
    // The settings of a route need the route.
    for (const { node } of routes)
      if (node.defaultChild instanceof CfnRoute) stage.addResourceDependency(node.defaultChild);
    return routes;
  }
}
