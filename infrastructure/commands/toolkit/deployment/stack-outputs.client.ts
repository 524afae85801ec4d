import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { awsRetryPolicy } from "../../../../handlers/clients/aws/aws-retry-policy.ts";
import { messageOf } from "../../../../handlers/clients/observability/log.ts";
import type { OptionalOutputName, OutputName } from "../../../aws/outputs.ts";
import { WrongUsage } from "../wrong-usage.ts";

/** The outputs of a deployed stack, by name. */
export interface StackOutputs {
  /** @throws WrongUsage if the stack has no such output: it is not a call archive, or an older one. */
  output(name: OutputName): string;
  /** An output that an archive may lack. */
  optional(name: OptionalOutputName): string | undefined;
}

/**
 * Reads the outputs of the stack `StackName`, in the region and with the credentials of the environment.
 *
 * @throws WrongUsage if the stack cannot be read.
 */
export async function stackOutputs(StackName: string): Promise<StackOutputs> {
  const client = new CloudFormationClient(awsRetryPolicy());
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName })).catch((error: unknown) => {
    throw new WrongUsage(`the stack ${StackName} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  const outputs = new Map<string, string>(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  );
  return {
    output(name) {
      const value = outputs.get(name);
      if (value === undefined)
        throw new WrongUsage(`the stack ${StackName} has no output ${name}: is it a call archive?`);
      return value;
    },
    optional: (name) => outputs.get(name),
  };
}
