import type { Clock } from "../../../handlers/clients/clock.ts";
import type { PostResult } from "../toolkit/post.client.ts";

/** What came of one delivery: its status, 0 if there was no answer, and the milliseconds from its time until then. */
export interface LoadResponse {
  readonly status: number;
  readonly ms: number;
}

/** Deliveries on their way. */
export interface SendRun {
  /** When the first and, so far, the last was sent, in milliseconds since 1970. */
  readonly began: number;
  readonly lastSent: number;
  readonly sent: number;
  readonly answers: readonly LoadResponse[];
  /** Sends no more, and resolves when all that was sent is answered, or will not be. */
  stop(): Promise<void>;
}

/**
 * Sends `count` deliveries, one each time that its time has come, whether or not earlier ones were answered.
 *
 * Slow answers never lower the rate, and each answer's time counts from when its delivery was due: what waited for a
 * sender that came late waited, too.
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
      // Also where it is late: answers are taken between two deliveries.
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

/** How many deliveries were answered 200: these are stored. */
export function accepted(answers: readonly LoadResponse[]): number {
  return answers.filter(({ status }) => status === 200).length;
}
