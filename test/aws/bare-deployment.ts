import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { processObject } from "../../handlers/process/process.ts";
import { aStack } from "./a-deployment.ts";
import { AWS, aBucket, s3 } from "./aws.ts";

export const sqs = new SQSClient(AWS);

/** Creates the buckets and queues of an archive's stack without its functions: nothing is processed by itself. */
export async function aBareDeployment() {
  const [archiveBucket, analyticsBucket] = [await aBucket(), await aBucket()];
  const [archive, analytics] = [s3Archive(archiveBucket, s3), s3Archive(analyticsBucket, s3)];
  const [queue, deadLetters] = [await aQueue(), await aQueue()];
  const outputs: Readonly<Record<string, string>> = {
    ArchiveBucketName: archiveBucket,
    AnalyticsBucketName: analyticsBucket,
    QueueUrl: queue,
    DeadLettersUrl: deadLetters,
    ProcessorLogGroup: "processor-logs",
    DashboardUrl: "the-dashboard",
    Mem0SecretArn: "the-secret",
  };
  const leaseOptions = { holder: "test", seconds: 60, isExclusive: false };
  return {
    archive,
    analytics,
    queue,
    deadLetters,
    outputs,
    /** Processes the object at `key` like the stack's processor, in this process. */
    process: (key: string) => processObject(key, { archive, analytics, leaseOptions, now: () => new Date() }),
    /** Creates a stack with these outputs, and returns its name. */
    stack: () => aStack(outputs),
  };
}

/** The number of visible messages in a queue. */
export async function visibleIn(QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return Number(Attributes?.ApproximateNumberOfMessages);
}

/** Creates a queue, and returns its address. */
export async function aQueue(): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `test-${crypto.randomUUID()}` }));
  return QueueUrl;
}
