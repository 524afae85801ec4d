import { Duration, Fn } from "aws-cdk-lib";
import { CfnStage, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { FilterPattern, type ILogGroup, MetricFilter, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { EGRESS_ADDRESSES } from "../../handlers/receive/egress-addresses.ts";
import type { ReceiverVariables } from "../../handlers/receive/environment.ts";
import { PATH } from "../../handlers/receive/http-response.ts";
import { acknowledge, acknowledgeObjects } from "./acknowledge.ts";
import { ArchiveFunction, logGroupFor, metricsNamespace } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";
import type { SecretStore } from "./secret-names.ts";
import { type StackSecret, serviceOf, stackSecret } from "./stack-secret.ts";

export interface ReceiverProps {
  readonly archive: Bucket;
  readonly bundle: Bundle;
  readonly signatureTolerance: Duration;
  /** Completes national phone numbers. */
  readonly defaultCountryCode: string | undefined;
  /** Requests a second, and in a burst, that the API accepts. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Whether only ElevenLabs' published addresses may deliver. */
  readonly onlyElevenLabsAddresses: boolean;
  readonly secrets: SecretStore;
  readonly key: IKey | undefined;
}

/** The metric of deliveries that got status 5xx. */
const SERVER_ERRORS = "Receiver5xx";

/** The receiver: an HTTP API with one path, and the function behind it, which may put objects but not read them. */
export class Receiver extends Construct {
  readonly api: HttpApi;
  readonly handler: ArchiveFunction<ReceiverVariables>;
  readonly secret: StackSecret;
  /** The URL that ElevenLabs posts to. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ReceiverProps) {
    super(scope, id);
    this.secret = stackSecret(this, "webhook", { store: props.secrets, key: props.key });
    this.handler = new ArchiveFunction<ReceiverVariables>(this, "Handler", {
      bundle: props.bundle,
      key: props.key,
      description: "Verifies ElevenLabs' webhooks and puts their bytes into the archive",
      // API Gateway waits at most 30 s. The put has a deadline of 20 s.
      timeout: Duration.seconds(25),
      // Verifying a 6 MB body needs CPU, and Lambda gives CPU in proportion to memory.
      memoryMegabytes: 512,
      environment: {
        ARCHIVE_BUCKET: props.archive.bucketName,
        WEBHOOK_SECRET_ARN: this.secret.arn,
        SIGNATURE_TOLERANCE_SECONDS: String(props.signatureTolerance.toSeconds()),
        DEFAULT_COUNTRY_CODE: props.defaultCountryCode,
        ALLOWED_ADDRESSES: props.onlyElevenLabsAddresses ? EGRESS_ADDRESSES.join(",") : undefined,
      },
    });
    allowKey(this.handler, props.key, "s3", serviceOf(props.secrets));
    this.handler.addToRolePolicy(
      new PolicyStatement({ actions: ["s3:PutObject"], resources: [props.archive.arnForObjects("*.json")] }),
    );
    this.handler.addToRolePolicy(
      new PolicyStatement({ actions: [this.secret.readAction], resources: [this.secret.arn] }),
    );
    this.api = new HttpApi(this, "Api", {
      description: "Receives ElevenLabs' post-call webhooks, and serves the read API",
      createDefaultStage: true,
    });
    const integration = new HttpLambdaIntegration("Receive", this.handler);
    // No route of an HTTP API ends in a slash. The greedy route matches /post-call/, and the function refuses the rest.
    for (const path of [PATH, `${PATH}/{proxy+}`]) {
      this.api.addRoutes({ path, methods: [HttpMethod.POST], integration });
    }
    this.url = Fn.join("", [this.api.apiEndpoint, PATH]);
    this.limitAndLog(props);

    acknowledge(
      this.api,
      "AwsSolutions-APIG4",
      "Every request is authenticated by its HMAC signature, in the function",
    );
    acknowledgeObjects(
      this.handler.executionRole,
      props.archive as IBucket,
      ["*.json"],
      "Each call has its own key; puts only",
    );
  }

  /** How many deliveries got status 5xx, from the function or from API Gateway itself. */
  serverErrors(options: MetricOptions = {}): Metric {
    const statistic = "Sum";
    return new Metric({ namespace: metricsNamespace(this), metricName: SERVER_ERRORS, statistic, ...options });
  }

  private limitAndLog({ throttle: { rate, burst }, key }: ReceiverProps): void {
    const logs = logGroupFor(this, "AccessLogs", key, RetentionDays.ONE_MONTH);
    logs.grantWrite(new ServicePrincipal("delivery.logs.amazonaws.com"));
    const stage = this.api.defaultStage?.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error("the HTTP API has no default stage");
    stage.defaultRouteSettings = { throttlingRateLimit: rate, throttlingBurstLimit: burst };
    stage.accessLogSettings = {
      destinationArn: logs.logGroupArn,
      format: JSON.stringify({
        at: "$context.requestTime",
        request: "$context.requestId",
        from: "$context.identity.sourceIp",
        method: "$context.httpMethod",
        // Not the path: in the read API it may contain a phone number.
        route: "$context.routeKey",
        status: "$context.status",
        milliseconds: "$context.responseLatency",
        error: "$context.integrationErrorMessage",
      }),
    };
    this.countServerErrors(logs);
  }

  /**
   * Counts in the access log, because API Gateway's own metric includes the read API. Without a default value there is no
   * metric, and no charge, until a delivery gets status 5xx.
   */
  private countServerErrors(logGroup: ILogGroup): void {
    new MetricFilter(this, "ServerErrors", {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue("$.route", "=", `POST ${PATH}*`),
        FilterPattern.stringValue("$.status", "=", "5*"),
      ),
      metricNamespace: metricsNamespace(this),
      metricName: SERVER_ERRORS,
      metricValue: "1",
    });
  }
}
