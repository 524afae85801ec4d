import { parsedKey } from "../../handlers/call/keys.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A received message, with the receipt handle of this delivery. */
export interface ReceivedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly receives: number;
}

/** An SQS queue of S3 notifications, with its consumer. */
export interface ObjectQueue {
  /** Sends the notification of a new object: late, perhaps twice, in any order. */
  notify(key: string): void;
  /** Sends a message about `key` after `seconds`, as `SendMessage` with `DelaySeconds` does. */
  sendLater(key: string, seconds: number): void;
  /** Makes the message visible again after `seconds`, as `ChangeMessageVisibility` does. */
  retryIn(receipt: string, seconds: number): void;
  /** Moves every dead letter back to the queue, as an operator does, and returns their number. */
  redrive(): number;
  readonly counts: { readonly messages: number; readonly retries: number; readonly deadLetters: number };
}

export interface ObjectQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** The most batches at the same time. */
  readonly concurrency: number;
  /** Processes a batch, and returns the ids of the messages that are done. */
  readonly work: (batch: readonly ReceivedMessage[]) => Promise<readonly string[]>;
  /** Whether the deletion of a done message fails, so that the message comes again. */
  readonly isDeletionLost: () => boolean;
}

/** The settings of the deployed queue: `infrastructure/aws/processor.ts`. */
const VISIBILITY_MS = 31 * 60_000;
const DELIVERIES = 10;

interface Message {
  readonly id: string;
  readonly key: string;
  receives: number;
  /** Identifies the last change of visibility. Earlier ones have no effect. */
  hiddenBy: string;
  isDeleted: boolean;
}

/**
 * The queue between S3 and the processor: at least once, in no order, some messages hours late.
 *
 * A batch is one message, and in about half of the batches all visible messages of its conversation.
 */
export function objectQueue({ time, random, concurrency, work, isDeletionLost }: ObjectQueueOptions): ObjectQueue {
  const messages: Message[] = [];
  const byReceipt = new Map<string, Message>();
  let visible: Message[] = [];
  let dead: Message[] = [];
  let busy = 0;
  const counts = { messages: 0, retries: 0, deadLetters: 0 };

  function send(key: string) {
    const message = { id: `m${messages.length}`, key, receives: 0, hiddenBy: "", isDeleted: false };
    messages.push(message);
    counts.messages += 1;
    show(message);
  }

  function show(message: Message) {
    visible.push(message);
    poll();
  }

  function hide(message: Message, ms: number, receipt: string) {
    const change = `${receipt} ${time.now()} ${ms}`;
    message.hiddenBy = change;
    time.later(ms, () => {
      if (!message.isDeleted && message.hiddenBy === change) show(message);
    });
  }

  function poll() {
    if (busy === concurrency || visible.length === 0) return;
    busy += 1;
    time.later(random.integer(1, 200), async () => {
      const batch = batchOf();
      if (batch.length > 0) await processBatch(batch);
      busy -= 1;
      poll();
    });
  }

  function batchOf(): readonly (readonly [Message, ReceivedMessage])[] {
    visible = visible.filter(({ isDeleted }) => !isDeleted);
    if (visible.length === 0) return [];
    const first = random.pick(visible);
    const together = random.chance(0.5)
      ? visible.filter(({ key }) => conversationOf(key) === conversationOf(first.key))
      : [first];
    visible = visible.filter((each) => !together.includes(each));
    return together.flatMap((message) => {
      message.receives += 1;
      if (message.receives > 1) counts.retries += 1;
      if (message.receives > DELIVERIES) {
        dead.push(message);
        counts.deadLetters += 1;
        return [];
      }
      const { id, key, receives } = message;
      const receipt = `${id}-${counts.retries}-${receives}`;
      byReceipt.set(receipt, message);
      hide(message, VISIBILITY_MS, receipt);
      return [[message, { id, receipt, body: messageOf(key), receives }] as const];
    });
  }

  async function processBatch(batch: readonly (readonly [Message, ReceivedMessage])[]) {
    const done = await work(batch.map(([, received]) => received));
    for (const [message] of batch) {
      if (done.includes(message.id) && !isDeletionLost()) message.isDeleted = true;
    }
  }

  return {
    counts,
    notify(key) {
      for (let copies = random.chance(0.1) ? 2 : 1; copies > 0; copies -= 1) {
        const delay = random.chance(0.1) ? random.between(0, 3 * 3_600_000) : random.between(500, 5_000);
        time.later(delay, () => send(key));
      }
    },
    sendLater: (key, seconds) => time.later(seconds * 1000, () => send(key)),
    retryIn(receipt, seconds) {
      const message = byReceipt.get(receipt);
      if (message && !dead.includes(message)) hide(message, seconds * 1000, receipt);
    },
    redrive() {
      const letters = dead;
      dead = [];
      for (const letter of letters) {
        letter.receives = 0;
        time.later(0, () => show(letter));
      }
      return letters.length;
    },
  };
}

/**
 * The conversation of a key. A batch has one conversation: the processor works on its objects in turn, but on several
 * conversations at the same time, which `VirtualTime` does not allow.
 */
function conversationOf(key: string): string {
  return parsedKey(key)?.conversation ?? key;
}

/** The notification of S3, which has the key in URL encoding. */
function messageOf(key: string): string {
  return JSON.stringify({
    Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key: encodeURIComponent(key) } } }],
  });
}
