import type { Processed } from "../installation/installation.ts";

/** An object that was given up on. */
export interface Failure {
  /** Its key; what names the message where a message tells of none. */
  readonly key: string;
  /** Whether there is something left to do for it: not if it is gone, or was processed meanwhile. */
  readonly state: "failed" | "gone" | "processed";
  /** In words for people, also of the other states. */
  readonly reason: string;
  /** How often it was tried; `null` where nobody counted. */
  readonly attempts: number | null;
  /** ISO 8601: since when nobody tries any more, or at least since when it waited. */
  readonly since: string | null;
}

/** What an archive has given up on: in a folder of this machine, or deployed. Each passes `test/contracts/failures.ts`. */
export interface Failures {
  /** Whose they are, as a person knows it. */
  readonly name: string;
  /** All of them, in the order of their keys. On a stack nobody else sees them until `close`: ask once. */
  list(): Promise<readonly Failure[]>;
  /** Has it processed again, as far as it is not done. Until then it counts as given up on, or as pending. */
  send(failure: Failure): Promise<void>;
  /** Forgets that it was given up on. The object stays. */
  drop(failure: Failure): Promise<void>;
  /** Resolves when what was sent and is processed in this process is done; see `Workplace.processed`. */
  sent(): Promise<Processed>;
  /** Gives back what was listed and neither sent nor dropped. */
  close(): Promise<void>;
}
