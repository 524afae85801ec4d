import { type Duration, RemovalPolicy, Size, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Environment, Variables } from "../../handlers/clients/credentials/environment.client.ts";
import type { Bundle } from "./bundle.client.ts";

export interface ArchiveFunctionProps<Names extends Variables> {
  readonly bundle: Bundle;
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  /** The size of its `/tmp`; 512 by default. */
  readonly diskMegabytes?: number;
  readonly environment: Environment<Names>;
  /** The customer managed key that encrypts its logs, if there is one. */
  readonly key: IKey | undefined;
}

/** How long logs of functions are kept. */
const LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** A log group, encrypted with `key` if there is one. It stays when the stack is deleted. */
export function logGroupFor(scope: Construct, id: string, key: IKey | undefined, retention: RetentionDays): LogGroup {
  const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  return new LogGroup(scope, id, { retention, removalPolicy, ...(key && { encryptionKey: key }) });
}

/**
 * A Lambda function on arm64, made from its bundle. It has its own log group, which deletes old logs, and its own role,
 * which may only write to that log group until it is granted more. `Names` are the variables that its code reads.
 */
export class ArchiveFunction<Names extends Variables = never> extends LambdaFunction {
  /** The role whose policies grant the function its rights. */
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: ArchiveFunctionProps<NoInfer<Names>>) {
    const logGroup = logGroupFor(scope, `${id}Logs`, props.key, LOG_RETENTION);
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(props.bundle.folder),
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      ephemeralStorageSize: Size.mebibytes(props.diskMegabytes ?? 512),
      role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
      environment: {
        ...valuesIn(props.environment),
        // The domain of AWS in the partition of the stack: see `awsEndpoint`.
        URL_SUFFIX: Stack.of(scope).urlSuffix,
        POWERTOOLS_SERVICE_NAME: props.bundle.name,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(scope),
      },
    });
    this.executionRole = role;
  }
}

/** The variables that have a value. CDK accepts no variable that is `undefined`. */
function valuesIn(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The namespace of the metrics of all functions: the stack's name, so that two archives do not mix. */
export function metricsNamespace(scope: Construct): string {
  return Stack.of(scope).stackName;
}
