import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import { awsRetryPolicy } from "./aws-retry-policy.ts";

/**
 * Returns a function that delays the next delivery of a message of the queue at `queueUrl` by `seconds`, at most 12
 * hours.
 */
export function retryIn(queueUrl: string): (receiptHandle: string, seconds: number) => Promise<void> {
  const client = new SQSClient(awsRetryPolicy({ maxAttempts: 3, connectionTimeout: 2_000, requestTimeout: 5_000 }));
  return async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  };
}
