import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { awsRetryPolicy } from "../../../handlers/clients/aws/aws-retry-policy.ts";
import { type DoctorFinding, ok } from "../../../handlers/doctor/doctor-finding.ts";
import type { StackOutputs } from "../toolkit/deployment/stack-outputs.client.ts";
import { deadLetterFinding } from "./dead-letter-finding.ts";

/** Returns the findings on a stack's queue and its dead letters. */
export async function queueFindings({ output }: StackOutputs, stack: string): Promise<DoctorFinding[]> {
  const client = new SQSClient(awsRetryPolicy());
  const count = async (QueueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
    return Number((await client.send(command)).Attributes?.["ApproximateNumberOfMessages"] ?? 0);
  };
  const waiting = await count(output("QueueUrl"));
  const dead = await count(output("DeadLettersUrl"));
  return [ok("queue", `about ${waiting} objects wait`), deadLetterFinding(dead, `npm run redrive -- --stack ${stack}`)];
}
