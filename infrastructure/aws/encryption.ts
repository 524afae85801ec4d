import { Annotations, Aws, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** Services that use KMS with the rights of a role, by their names in `kms:ViaService`. */
export type ViaService = "s3" | "sqs" | "secretsmanager" | "ssm";

/**
 * The customer managed key of a stage: a new one that the stack owns, or the one with this ARN.
 *
 * The stack cannot change the policy of an existing key. The synthesis prints the statements that the policy needs.
 */
export function stageKey(scope: Construct, kmsKey: boolean | string | undefined): IKey | undefined {
  if (!kmsKey) return undefined;
  if (typeof kmsKey === "string") {
    const needed = JSON.stringify(serviceStatements().map((statement) => statement.toStatementJson()));
    Annotations.of(scope).addWarningV2(
      "call-archive:kmsKey",
      `The policy of ${kmsKey} must contain these statements, or no object is processed and no alarm arrives: ${needed}`,
    );
    return Key.fromKeyArn(scope, "Key", kmsKey);
  }
  const key = new Key(scope, "Key", {
    description: "Encrypts the call archive",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  for (const statement of serviceStatements()) key.addToResourcePolicy(statement);
  return key;
}

/** Lets a role use the key, only through these services. */
export function allowKey(role: IGrantable, key: IKey | undefined, ...services: readonly ViaService[]): void {
  if (key) role.grantPrincipal.addToPrincipalPolicy(keyStatement(key, services));
}

/** The right to use the key through these services. S3 needs both actions for multipart uploads. */
export function keyStatement(key: IKey, services: readonly ViaService[]): PolicyStatement {
  const { region } = Stack.of(key);
  return new PolicyStatement({
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: [key.keyArn],
    conditions: { StringEquals: { "kms:ViaService": services.map((name) => `${name}.${region}.amazonaws.com`) } },
  });
}

/**
 * The statements of the key's policy for services that act without a role: S3 sends to the encrypted queue, CloudWatch
 * alarms publish to the encrypted topic, and CloudWatch Logs encrypts (docs.aws.amazon.com: SQS and SNS key management,
 * Encrypt log data in CloudWatch Logs, 2026-11).
 */
function serviceStatements(): PolicyStatement[] {
  const { ACCOUNT_ID: account, PARTITION: partition, REGION: region } = Aws;
  const ofThisAccount = { StringEquals: { "aws:SourceAccount": account } };
  const statement = (service: string, actions: string[], conditions: Record<string, unknown>) =>
    new PolicyStatement({ principals: [new ServicePrincipal(service)], actions, resources: ["*"], conditions });
  return [
    ...["s3.amazonaws.com", "cloudwatch.amazonaws.com"].map((service) =>
      statement(service, ["kms:Decrypt", "kms:GenerateDataKey*"], ofThisAccount),
    ),
    statement(
      `logs.${region}.amazonaws.com`,
      ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:*` } },
    ),
  ];
}
