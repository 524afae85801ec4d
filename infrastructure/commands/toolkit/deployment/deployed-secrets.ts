import { parameterArnOf, SECRET_NAMES, SECRETS, type SecretName } from "../../../aws/secret-names.ts";
import type { StackOutputs } from "./stack-outputs.client.ts";

/** A secret that the functions of a stack use. */
export interface DeployedSecret {
  readonly name: SecretName;
  /** What it is, for a message. */
  readonly description: string;
  /** Where the functions read it now. */
  readonly arn: string;
  /** Its parameter. Functions read it if the stack has its secrets in Parameter Store. */
  readonly parameterArn: string;
}

/** The secrets of the stack with these outputs. A stack that needs no API key of a service lacks its secret. */
export function deployedSecrets({ output, optional }: StackOutputs, stack: string): readonly DeployedSecret[] {
  const webhook = output(SECRETS.webhook.output);
  return SECRET_NAMES.flatMap((name) => {
    const arn = name === "webhook" ? webhook : optional(SECRETS[name].output);
    const { description } = SECRETS[name];
    return arn === undefined ? [] : [{ name, description, arn, parameterArn: parameterArnOf(webhook, stack, name) }];
  });
}
