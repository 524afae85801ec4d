import type { ProcessingResult } from "./deployment.ts";

/** An object that is not processed, or not with its call. */
export interface RedriveItem {
  /** Its key; the id of the message if that names no object. */
  readonly key: string;
  /** `dead letter`: processing failed. `unrouted`: under `_other/`. `quarantined`: under `_quarantine/`. */
  readonly kind: "dead letter" | "unrouted" | "quarantined";
  /**
   * `failed`: sending it back may help. `gone`, `processed`: nothing is left to do. `unknown`: this version does not
   * know its type, and does not move it.
   */
  readonly state: "failed" | "gone" | "processed" | "unknown";
  /** For people. Also set if `state` is not `failed`. */
  readonly reason: string;
  /** The number of tries; `null` if they were not counted. */
  readonly attempts: number | null;
  /** The time of the last try, or of the receipt, in ISO 8601. */
  readonly since: string | null;
}

/** The result of sending an object back: the key under which it is processed, or the reason why it stays. */
export type SendResult = { readonly as: string } | { readonly refused: string };

/**
 * The dead letters, unrouted and quarantined objects of an archive, in a folder or deployed. Both implementations pass
 * `test/support/contracts/redrive-queue.ts`.
 */
export interface RedriveQueue {
  /** The name of the archive in messages. */
  readonly name: string;
  /** Lists all items, by key. On a stack this hides the messages from other readers until `close`: call it once. */
  list(): Promise<readonly RedriveItem[]>;
  /**
   * Sends a dead letter back, so that its missing steps run. Moves an unrouted or quarantined object to its call; see
   * `releaseObject`. Sending twice has the same effect as sending once.
   */
  send(item: RedriveItem): Promise<SendResult>;
  /** Deletes a dead letter. The object stays. */
  drop(item: RedriveItem): Promise<void>;
  /** Resolves when this process has processed what was sent; see `OpenDeployment.waitUntilProcessed`. */
  waitUntilSent(): Promise<ProcessingResult>;
  /** Makes the listed items that were not sent or dropped visible again. */
  close(): Promise<void>;
}
