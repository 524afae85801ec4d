import type { Step } from "../call/kinds/kind.ts";

/** The actions that a page can start. Each does what the command of the same name does. */
export const ACTIONS = ["redrive", "reprocess", "backfill", "verify"] as const;
export type ActionName = (typeof ACTIONS)[number];

/** Which calls to read or process. A part that is absent selects every call. */
interface CallSelection {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The folder of a caller, or a number with a plus. */
  readonly caller?: string | undefined;
}

/** A plan first: `dry_run` returns what would be done, and changes nothing. */
interface Plannable {
  readonly dry_run: boolean;
}

/** The request of each action. */
export interface ActionRequests {
  readonly redrive: Plannable & {
    /** The keys of dead letters, unrouted and quarantined objects. Absent for all. */
    readonly keys?: readonly string[] | undefined;
    /** Whether all include quarantined objects. */
    readonly quarantined: boolean;
  };
  readonly reprocess: Plannable &
    CallSelection & {
      readonly conversation_ids?: readonly string[] | undefined;
      readonly agent?: string | undefined;
      /** Only these steps; absent for all. */
      readonly only?: readonly Step[] | undefined;
    };
  readonly backfill: Plannable & {
    readonly from: string;
    readonly to?: string | undefined;
    readonly agent?: string | undefined;
  };
  readonly verify: CallSelection & {
    readonly conversation_id?: string | undefined;
    /** Whether to read each recording to its end. */
    readonly recordings: boolean;
    /** Whether to repair what can be repaired. */
    readonly fix: boolean;
  };
}
