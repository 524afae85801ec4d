import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";

/** Has a message of the queue at `queueUrl` delivered again after so many seconds, at most twelve hours. */
export function retryIn(queueUrl: string): (receiptHandle: string, seconds: number) => Promise<void> {
  const client = new SQSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
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
