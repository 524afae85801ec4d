import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { awsRetryPolicy } from "../../../../handlers/clients/aws/aws-retry-policy.ts";
import { messageOf } from "../../../../handlers/clients/observability/log.ts";
import type { OptionalOutputName, OutputName } from "../../../aws/outputs.ts";
import { WrongUsage } from "../wrong-usage.ts";

/** What a deployed stack says of itself, by name. */
export interface StackOutputs {
  /** @throws WrongUsage if the stack has no such output: it is no call archive, or an older one. */
  output(name: OutputName): string;
  /** The same of what an archive may do without. */
  optional(name: OptionalOutputName): string | undefined;
}

/**
 * The outputs of the stack `StackName`, in the region and with the rights of the environment.
 *
 * @throws WrongUsage if it cannot be read.
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
