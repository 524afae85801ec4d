import type { ProcessingResult } from "./deployment.ts";

/** An object that is not where it should be, or not processed. */
export interface RedriveItem {
  /** Its key; what names the message where a message tells of none. */
  readonly key: string;
  /** `dead letter`: processing failed. `unrouted`: it lies under `_other/`. `quarantined`: under `_quarantine/`. */
  readonly kind: "dead letter" | "unrouted" | "quarantined";
  /**
   * `failed`: sending it back may help. `gone`, `processed`: nothing is left to do. `unknown`: this version does not know
   * what it is, and it stays where it is.
   */
  readonly state: "failed" | "gone" | "processed" | "unknown";
  /** In words for people, also of the other states. */
  readonly reason: string;
  /** How often it was tried; `null` where nobody counted. */
  readonly attempts: number | null;
  /** ISO 8601: since when nobody tries any more, or at least since when it waited. */
  readonly since: string | null;
}

/** What came of sending an object back: the key under which it is processed, or why it stays. */
export type SendResult = { readonly as: string } | { readonly refused: string };

/** The failures of an archive: in a folder of this machine, or deployed. Each passes `test/support/contracts/redrive-queue.ts`. */
export interface RedriveQueue {
  /** Whose they are, as a person knows it. */
  readonly name: string;
  /** All of them, in the order of their keys. On a stack nobody else sees them until `close`: ask once. */
  list(): Promise<readonly RedriveItem[]>;
  /**
   * Has a dead letter processed again, as far as it is not done. Puts what is unrouted or quarantined to its call; see
   * `releaseObject`. Sending twice is sending once.
   */
  send(item: RedriveItem): Promise<SendResult>;
  /** Forgets a dead letter. The object stays. */
  drop(item: RedriveItem): Promise<void>;
  /** Resolves when what was sent and is processed in this process is done; see `OpenDeployment.waitUntilProcessed`. */
  waitUntilSent(): Promise<ProcessingResult>;
  /** Gives back what was listed and neither sent nor dropped. */
  close(): Promise<void>;
}
