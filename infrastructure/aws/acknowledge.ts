import { Stack, Validations } from "aws-cdk-lib";
import type { CfnBucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";

/** Accepts a finding of cdk-nag for this construct and its children, with the reason. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Accepts the findings of cdk-nag for a policy that names objects of `bucket` by these patterns, and no others. */
export function acknowledgeObjects(
  policy: IConstruct,
  bucket: IBucket,
  patterns: readonly string[],
  reason: string,
): void {
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  for (const pattern of patterns) {
    acknowledge(policy, `AwsSolutions::AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${pattern}]`, reason);
  }
}
