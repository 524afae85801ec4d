import { parsedKey } from "../../handlers/call/keys.ts";
import type { Random } from "../../infrastructure/samples/random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A message as it is taken: with the handle of this one delivery. */
export interface Taken {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly receives: number;
}

/** What S3 tells of new objects, in a queue of SQS, and who works on it. */
export interface ObjectQueue {
  /** S3 says that there is a new object: late, perhaps twice, in any order. */
  notify(key: string): void;
  /** As `SendMessage` with `DelaySeconds`: there is another message about `key` after so many seconds. */
  sendLater(key: string, seconds: number): void;
  /** As `ChangeMessageVisibility`: the message comes back after so many seconds. */
  retryIn(receipt: string, seconds: number): void;
  /** Puts every dead letter back, as an operator does, and answers how many there were. */
  redrive(): number;
  readonly counts: { readonly messages: number; readonly retries: number; readonly deadLetters: number };
}

export interface ObjectQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How many batches may be worked on at once. */
  readonly concurrency: number;
  /** Works on a batch, and answers the ids of the messages that are done. */
  readonly work: (batch: readonly Taken[]) => Promise<readonly string[]>;
  /** Whether deleting a message that is done fails: then it comes again. */
  readonly isDeletionLost: () => boolean;
}

/** As the deployed queue has them: `infrastructure/aws/processor.ts`. */
const VISIBILITY_MS = 31 * 60_000;
const DELIVERIES = 10;

interface Message {
  readonly id: string;
  readonly key: string;
  receives: number;
  /** Changes with each delivery, and with each promise to come back: only the last one counts. */
  hiddenBy: string;
  isDeleted: boolean;
}

/**
 * The queue between S3 and the processor: at least once, in no order, some messages hours late.
 *
 * A batch is one message, and often all others that are there of the same conversation.
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
    const promise = `${receipt} ${time.now()} ${ms}`;
    message.hiddenBy = promise;
    time.later(ms, () => {
      if (!message.isDeleted && message.hiddenBy === promise) show(message);
    });
  }

  function poll() {
    if (busy === concurrency || visible.length === 0) return;
    busy += 1;
    time.later(random.integer(1, 200), async () => {
      const batch = batchOf();
      if (batch.length > 0) await worked(batch);
      busy -= 1;
      poll();
    });
  }

  function batchOf(): readonly (readonly [Message, Taken])[] {
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

  async function worked(batch: readonly (readonly [Message, Taken])[]) {
    const done = await work(batch.map(([, taken]) => taken));
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

/** The processor takes objects of one conversation in turn, and others at the same time, which `VirtualTime` forbids. */
function conversationOf(key: string): string {
  return parsedKey(key)?.conversation ?? key;
}

/** As S3 words it: the key as in a URL. */
function messageOf(key: string): string {
  return JSON.stringify({
    Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key: encodeURIComponent(key) } } }],
  });
}
