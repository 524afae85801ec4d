import type { Clock } from "../../../handlers/clients/clock.ts";
import type { PostResult } from "../toolkit/post.client.ts";

/** The response to one delivery: its status, 0 if there was none, and the milliseconds since the delivery was due. */
export interface LoadResponse {
  readonly status: number;
  readonly ms: number;
}

/** A run of deliveries. */
export interface SendRun {
  /** When the first delivery and the last one so far were sent, in milliseconds since 1970. */
  readonly began: number;
  readonly lastSent: number;
  readonly sent: number;
  readonly answers: readonly LoadResponse[];
  /** Sends no more, and resolves when each sent delivery has a response or an error. */
  stop(): Promise<void>;
}

/**
 * Sends `count` deliveries, each at its time, whether or not earlier ones were answered.
 *
 * Slow responses never lower the rate. A response time counts from the moment at which the delivery was due, so it
 * includes a delay of the sender.
 */
export function sendAtRate(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  post: (n: number) => Promise<PostResult>,
  clock: Clock,
): SendRun {
  const now = () => clock.now().getTime();
  const began = now();
  const answers: LoadResponse[] = [];
  let [sent, lastSent, isStopped] = [0, began, false];

  async function send(n: number, due: number) {
    const { status } = await post(n);
    answers.push({ status, ms: now() - due });
  }

  async function sendAll() {
    const underWay: Promise<void>[] = [];
    for (let n = 0; n < count; n += 1) {
      const due = began + (1000 * n) / perSecond;
      // Sleeps also if it is late, so that responses are handled between two deliveries.
      await clock.sleep(Math.max(0, due - now()));
      if (isStopped) break;
      lastSent = now();
      sent += 1;
      underWay.push(send(n, due));
    }
    await Promise.all(underWay);
  }

  const ended = sendAll();
  return {
    began,
    answers,
    get lastSent() {
      return lastSent;
    },
    get sent() {
      return sent;
    },
    stop() {
      isStopped = true;
      return ended;
    },
  };
}

/** The number of deliveries that were answered 200, and are therefore stored. */
export function accepted(answers: readonly LoadResponse[]): number {
  return answers.filter(({ status }) => status === 200).length;
}
