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
import { type ReleaseDeps, releaseObject } from "./release-object.ts";
import type { StackDeployment } from "./stack-deployment.client.ts";

/** How long a person may take to decide. After that, other readers see the messages again. */
const DECISION_SECONDS = 300;

/**
 * Long polling: no message after this long means that there is none. Short polling reads only some of SQS's servers.
 */
const LONG_POLL_SECONDS = 1;

/** Limits memory: some items need the whole object. */
const READS_AT_ONCE = 10;

/** The redrive queue of a stack. Its dead letters are messages, which SQS deletes after 14 days. */
export function stackRedriveQueue(
  {
    name,
    outputs,
    waitUntilProcessed,
    ...stack
  }: Pick<StackDeployment, "name" | "outputs" | "waitUntilProcessed"> & ReleaseDeps,
  client = new SQSClient(awsRetryPolicy()),
): RedriveQueue {
  const [QueueUrl, DeadLettersUrl] = [outputs.output("QueueUrl"), outputs.output("DeadLettersUrl")];
  const unknownReason = `no reason is on record: see the log group ${outputs.output("ProcessorLogGroup")}`;
  const held = new Map<RedriveItem, Message>();

  /** Receives every message. Removes duplicates, because SQS may deliver a message twice. */
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

  /**
   * `attempts` is unknown, because SQS also counts reads by this command. The sent time survives a move between queues.
   */
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
    /** A kill between the two requests leaves the message in both queues, which does no harm. */
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

  /** Makes the message visible again. If this fails, it becomes visible after `DECISION_SECONDS`. */
  async function release(ReceiptHandle: string | undefined): Promise<void> {
    const visible = { QueueUrl: DeadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(visible)).catch(() => {});
  }
}

/** Returns the keys in a message, or the problem with it. */
function keysOrProblem(message: string): { readonly keys: readonly string[] } | { readonly problem: string } {
  try {
    const keys = keysIn(message);
    return keys.length > 0 ? { keys } : { problem: "the message names no object" };
  } catch (error) {
    if (error instanceof Unprocessable) return { problem: error.message };
    throw error;
  }
}
