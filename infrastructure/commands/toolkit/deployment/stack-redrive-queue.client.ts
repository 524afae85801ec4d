import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import pMap from "p-map";
import { awsRetryPolicy } from "../../../../handlers/clients/aws/aws-retry-policy.ts";
import { keysIn } from "../../../../handlers/process/s3-event.ts";
import { Unprocessable } from "../../../../handlers/process/unprocessable.ts";
import { withHeldObjects } from "./held-objects.ts";
import { objectState } from "./object-state.ts";
import type { RedriveItem, RedriveQueue } from "./redrive-queue.ts";
import { releaseObject } from "./release-object.ts";
import type { StackDeployment } from "./stack-deployment.client.ts";

/** How long a person may take to decide. After that the messages are there for others again, and it may be too late. */
const DECISION_SECONDS = 300;

/** An answer without messages after this long means that there are none: a shorter look asks some of SQS's servers only. */
const LONG_POLL_SECONDS = 1;

/** A whole object is read for some of them. */
const READS_AT_ONCE = 10;

/** The failures of a stack. Dead letters are messages, 14 days old at most: then SQS deletes them. */
export function stackRedriveQueue(
  {
    name,
    outputs,
    waitUntilProcessed,
    ...stack
  }: Pick<StackDeployment, "name" | "outputs" | "waitUntilProcessed" | "archive" | "analytics" | "webhookSecrets">,
  client = new SQSClient(awsRetryPolicy()),
): RedriveQueue {
  const [QueueUrl, DeadLettersUrl] = [outputs.output("QueueUrl"), outputs.output("DeadLettersUrl")];
  const unknownReason = `no reason is on record: see the log group ${outputs.output("ProcessorLogGroup")}`;
  const held = new Map<RedriveItem, Message>();

  /** Every message, each once, though SQS may deliver it twice. */
  async function receiveAll(): Promise<readonly Message[]> {
    const messages = new Map<string, Message>();
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: DeadLettersUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: DECISION_SECONDS,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      if (Messages.length === 0) return [...messages.values()];
      for (const message of Messages) messages.set(message.MessageId ?? "", message);
    }
  }

  /** How often it was tried is not known: SQS counts our looking, too. When it was sent stays when it is moved. */
  async function itemOf({ Body = "", MessageId = "", Attributes }: Message): Promise<RedriveItem> {
    const kind = "dead letter";
    const since = new Date(Number(Attributes?.SentTimestamp)).toISOString();
    const named = keysOrProblem(Body);
    if ("problem" in named) {
      return { key: `message ${MessageId}`, kind, state: "failed", reason: named.problem, attempts: null, since };
    }
    const states = await Promise.all(named.keys.map((key) => objectState(key, stack.archive)));
    const decisive = states.find(({ state }) => state === "failed") ?? states[0];
    const { state = "processed", reason = unknownReason } = decisive ?? {};
    return { key: named.keys.join(", "), kind, state, reason, attempts: null, since };
  }

  async function remove(item: RedriveItem): Promise<void> {
    const ReceiptHandle = held.get(item)?.ReceiptHandle;
    await client.send(new DeleteMessageCommand({ QueueUrl: DeadLettersUrl, ReceiptHandle }));
    held.delete(item);
  }

  return {
    name,
    async list() {
      const messages = await receiveAll();
      const items = await pMap(messages, itemOf, { concurrency: READS_AT_ONCE });
      for (const [index, item] of items.entries()) held.set(item, messages[index] ?? {});
      return withHeldObjects(items, stack.archive);
    },
    /** Killed between the two, it leaves a dead letter in both queues, which does no harm. */
    async send(item) {
      if (item.kind !== "dead letter") return releaseObject(item.key, stack);
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: held.get(item)?.Body }));
      await remove(item);
      return { as: item.key };
    },
    drop: remove,
    waitUntilSent: waitUntilProcessed,
    async close() {
      await pMap(held.values(), ({ ReceiptHandle }) => release(ReceiptHandle), { concurrency: READS_AT_ONCE });
      held.clear();
    },
  };

  /** Where that fails, the message is there again when the time to decide is over. */
  async function release(ReceiptHandle: string | undefined): Promise<void> {
    const visible = { QueueUrl: DeadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(visible)).catch(() => {});
  }
}

/** The keys that a message tells of, or what is wrong with it. */
function keysOrProblem(message: string): { readonly keys: readonly string[] } | { readonly problem: string } {
  try {
    const keys = keysIn(message);
    return keys.length > 0 ? { keys } : { problem: "the message tells of no object" };
  } catch (error) {
    if (error instanceof Unprocessable) return { problem: error.message };
    throw error;
  }
}
