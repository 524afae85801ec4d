import { pMapIterable } from "p-map";
import type { ConversationWindow, ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import { reconcileCall } from "./reconcile-call.ts";
import type { ReconcileDeps, Reconciled } from "./reconcile-deps.ts";
import { keyWatch } from "./rejected-key.ts";

/** The number of conversations checked at once: ElevenLabs answers 429 to many more. */
const AT_ONCE = 8;

/** The number of calls and of recordings with each result. */
export interface Reconciliation {
  readonly listed: number;
  readonly unfinished: number;
  readonly present: number;
  /** Deleted from the archive on purpose. */
  readonly deleted: number;
  /** Missing, in a dry run. */
  readonly missing: number;
  readonly recovered: number;
  readonly unrecoverable: number;
  readonly failed: number;
  readonly missingRecordings: number;
  readonly recoveredRecordings: number;
  readonly unrecoverableRecordings: number;
  readonly failedRecordings: number;
}

/** The result without any call. */
export const NOTHING: Reconciliation = {
  listed: 0,
  unfinished: 0,
  present: 0,
  deleted: 0,
  missing: 0,
  recovered: 0,
  unrecoverable: 0,
  failed: 0,
  missingRecordings: 0,
  recoveredRecordings: 0,
  unrecoverableRecordings: 0,
  failedRecordings: 0,
};

/** The dependencies of `reconcile`. */
export interface ReconcileWindowDeps extends ReconcileDeps {
  /** Called with each result, in the order of the list, and awaited. */
  readonly onReconciled?: (reconciled: Reconciled) => void | Promise<void>;
  /** Whether there is time for another conversation. */
  readonly hasTime?: () => boolean;
  /** Calls that ended after this are not fetched: their webhook may still arrive. */
  readonly endedBefore?: Date;
}

/**
 * Fetches every finished conversation that began in `window`, and its recording, if the archive lacks them. Memory use
 * does not grow with the window. A failed conversation does not stop the others. If a run ends early, the next one
 * continues.
 *
 * @throws ServiceRefused, ServiceUnavailable if the conversations cannot be listed.
 * @throws ServiceRefused if ElevenLabs rejects the key for conversations: no other is begun, begun ones are completed.
 */
export async function reconcile(window: ConversationWindow, deps: ReconcileWindowDeps): Promise<Reconciliation> {
  const key = keyWatch();
  async function reconcileOne(listed: ListedConversation): Promise<Reconciled> {
    const reconciled = await reconcileCall(listed, deps);
    key.record(reconciled);
    return reconciled;
  }
  const { hasTime = () => true } = deps;
  const shouldContinue = () => key.rejection() === undefined && hasTime();
  let sum = NOTHING;
  for await (const reconciled of pMapIterable(listedIn(window, deps, shouldContinue), reconcileOne, {
    concurrency: AT_ONCE,
  })) {
    sum = added(sum, reconciled);
    await deps.onReconciled?.(reconciled);
  }
  const rejection = key.rejection();
  if (rejection) throw rejection;
  return sum;
}

async function* listedIn(
  window: ConversationWindow,
  { conversations, endedBefore }: ReconcileWindowDeps,
  shouldContinue: () => boolean,
) {
  for await (const listed of conversations.list(window)) {
    if (!shouldContinue()) return;
    const isFinished = listed.isFinished && (!endedBefore || endOf(listed) <= endedBefore.getTime());
    yield { ...listed, isFinished };
  }
}

function endOf({ startedAt, durationSecs }: ListedConversation): number {
  return (startedAt?.getTime() ?? 0) + 1000 * (durationSecs ?? 0);
}

function added(sum: Reconciliation, { call, recording }: Reconciled): Reconciliation {
  const next = { ...sum, listed: sum.listed + 1, [call]: sum[call] + 1 };
  switch (recording) {
    case "missing":
      return { ...next, missingRecordings: sum.missingRecordings + 1 };
    case "recovered":
      return { ...next, recoveredRecordings: sum.recoveredRecordings + 1 };
    case "unrecoverable":
      return { ...next, unrecoverableRecordings: sum.unrecoverableRecordings + 1 };
    case "failed":
      return { ...next, failedRecordings: sum.failedRecordings + 1 };
    default:
      return next;
  }
}

/** The sum of two results, of windows that do not overlap. */
export function both(one: Reconciliation, other: Reconciliation): Reconciliation {
  const names = Object.keys(NOTHING) as (keyof Reconciliation)[];
  const sums = names.map((name) => [name, one[name] + other[name]]);
  return { ...NOTHING, ...Object.fromEntries(sums) };
}
