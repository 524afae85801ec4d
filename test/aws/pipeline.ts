import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { parquetReadObjects } from "hyparquet";
import { inject } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { parameterNameIn } from "../../handlers/clients/credentials/parameter-name.ts";
import { signature } from "../../handlers/receive/signature.ts";
import type { Resource } from "../infrastructure/aws/template.ts";
import { SECRET } from "../support/fixtures/local.ts";
import { AWS, aBucket, s3 } from "./aws.ts";
import { aLambda } from "./lambda.ts";
import { ACCOUNT } from "./stack-policies.ts";

const sqs = new SQSClient(AWS);
const ssm = new SSMClient(AWS);

/** S3's notification to the queue, from the synthesised template. */
const NOTIFICATION = notificationOf(inject("resources").filter(({ type }) => type === "AWS::S3::Bucket"));

/** The number of deliveries of a message before it is dead-lettered. */
const DELIVERIES = 3;

/** Creates the archive on moto: buckets, queue, secret, and the bundled receiver and processor. */
export async function aPipeline(env: Record<string, string> = {}) {
  const [archive, analytics] = [await aBucket(), await aBucket()];
  const deadLetters = await aQueue({});
  const redrive = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: DELIVERIES };
  const queue = await aQueue({ RedrivePolicy: JSON.stringify(redrive), VisibilityTimeout: "1800" });
  const NotificationConfiguration = { QueueConfigurations: [{ ...NOTIFICATION, QueueArn: queue.arn }] };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: archive, NotificationConfiguration }));
  const secretArn = await aSecret(SECRET);

  const receiver = await aLambda("receiver", {
    CALL_ARCHIVE_METRICS: "all",
    ARCHIVE_BUCKET: archive,
    WEBHOOK_SECRET_ARN: secretArn,
  });
  const processor = await aLambda("processor", {
    CALL_ARCHIVE_METRICS: "all",
    ARCHIVE_BUCKET: archive,
    ANALYTICS_BUCKET: analytics,
    QUEUE_URL: queue.url,
    ...env,
  });

  /** Processes one batch from the queue, like Lambda's poller, and returns its number of messages. */
  async function takeBatch(): Promise<number> {
    const receive = new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
    });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return 0;
    const answer = await processor.invoke({ Records: Messages.map(sqsRecord) });
    const failures = at(answer, "batchItemFailures");
    const failed = Array.isArray(failures) ? failures.map((each) => at(each, "itemIdentifier")) : [];
    for (const { MessageId, ReceiptHandle } of Messages) {
      if (failed.includes(MessageId)) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    }
    return Messages.length;
  }

  return {
    archive,
    analytics,
    secretArn,
    receiver,
    processor,
    takeBatch,
    /** Posts a signed webhook, and returns the status and the parsed body. */
    async deliver(
      body: Buffer | string,
      { base64 = false, header = signature(Buffer.from(body), SECRET, new Date()), to = receiver } = {},
    ) {
      const bytes = Buffer.from(body);
      const answer = await to.invoke(httpApiEvent(bytes, header, base64));
      return { status: at(answer, "statusCode"), answer: JSON.parse(String(at(answer, "body"))) };
    },
    /** Processes batches until no message is visible. */
    async drain(): Promise<void> {
      while ((await takeBatch()) > 0);
    },
    async send(message: string): Promise<void> {
      await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: message }));
    },
    /** The number of delayed messages. */
    async delayed(): Promise<number> {
      const requested = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ["All"] });
      return Number((await sqs.send(requested)).Attributes?.ApproximateNumberOfMessagesDelayed);
    },
    /** The number of waiting and in-flight messages, and of dead letters. */
    async counts() {
      return { queue: await messagesIn(queue.url), deadLetters: await messagesIn(deadLetters.url) };
    },
    async keys(bucket = archive): Promise<string[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = "" }) => Key);
    },
    async get(key: string, bucket = archive): Promise<Buffer> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    head: (key: string) => s3.send(new HeadObjectCommand({ Bucket: archive, Key: key })),
    /** Uploads like a person, without metadata. */
    upload: (key: string, body: Buffer) => s3.send(new PutObjectCommand({ Bucket: archive, Key: key, Body: body })),
    rotate: (value: string) => putParameter(secretArn, value),
    /** Every row of a table. */
    async rows(table: string): Promise<Record<string, unknown>[]> {
      const keys = (await this.keys(analytics)).filter((key) => key.startsWith(`live/${table}/`));
      const files = await Promise.all(keys.map((key) => this.get(key, analytics)));
      return (
        await Promise.all(files.map((file) => parquetReadObjects({ file: Uint8Array.from(file).buffer })))
      ).flat();
    },
  };
}

function notificationOf(buckets: readonly Resource[]) {
  const path = ["NotificationConfiguration", "QueueConfigurations"];
  const [declared] = buckets.flatMap(({ properties }) => [at(properties, ...path)].flat()).filter((each) => each);
  const [rule] = [at(declared, "Filter", "S3Key", "Rules")].flat();
  const FilterRules = [{ Name: at(rule, "Name") as "suffix", Value: String(at(rule, "Value")) }];
  return { Events: [at(declared, "Event") as "s3:ObjectCreated:*"], Filter: { Key: { FilterRules } } };
}

/** Creates a secret as a parameter, and returns its ARN. */
export async function aSecret(value: string): Promise<string> {
  const arn = aMissingSecret();
  await putParameter(arn, value);
  return arn;
}

/** The ARN of a parameter that no test creates. */
export function aMissingSecret(): string {
  return `arn:aws:ssm:${AWS.region}:${ACCOUNT}:parameter/call-archive/test-${crypto.randomUUID()}/webhook`;
}

async function putParameter(arn: string, Value: string): Promise<void> {
  const Name = parameterNameIn(arn);
  await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
}

async function aQueue(attributes: Record<string, string>): Promise<{ url: string; arn: string }> {
  const QueueName = `test-${crypto.randomUUID()}`;
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  const requested = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] });
  const { Attributes } = await sqs.send(requested);
  return { url, arn: Attributes?.QueueArn ?? "" };
}

async function messagesIn(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes;
  return Number(waiting) + Number(inFlight);
}

function sqsRecord({ MessageId, ReceiptHandle, Body, Attributes }: Message) {
  return { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes };
}

/** An event of an HTTP API, payload format 2.0 (docs.aws.amazon.com, HTTP API Lambda integrations, 2026-11). */
function httpApiEvent(body: Buffer, header: string, isBase64Encoded: boolean) {
  return {
    version: "2.0",
    routeKey: "POST /post-call",
    rawPath: "/post-call",
    rawQueryString: "",
    headers: { "content-type": "application/json", "elevenlabs-signature": header },
    requestContext: { stage: "$default", http: { method: "POST", path: "/post-call" } },
    body: isBase64Encoded ? body.toString("base64") : body.toString(),
    isBase64Encoded,
  };
}
