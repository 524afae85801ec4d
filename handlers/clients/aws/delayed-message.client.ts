import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { awsRetryPolicy } from "./aws-retry-policy.ts";

/** Returns a function that sends a message to the queue at `queueUrl`, delivered after `seconds`, at most 900. */
export function delayedMessage(queueUrl: string): (body: string, seconds: number) => Promise<void> {
  const client = new SQSClient(awsRetryPolicy({ maxAttempts: 3, connectionTimeout: 2_000, requestTimeout: 5_000 }));
  return async (MessageBody, DelaySeconds) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds }));
  };
}
