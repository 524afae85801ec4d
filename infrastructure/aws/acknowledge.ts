import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Accepts a finding of cdk-nag for this construct and all below it, and says why. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
