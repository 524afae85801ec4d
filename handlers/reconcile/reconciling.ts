import type { Archive } from "../clients/archive.ts";
import type { ConversationSource } from "../clients/conversation-source.ts";
import type { RecordingSource } from "../clients/recording-source.ts";
import { ServiceRefused } from "../clients/service-errors.ts";
import { Unprocessable } from "../process/unprocessable.ts";
import { NotTheConversation } from "./envelope.ts";

/** What reconciling needs from outside. */
export interface Reconciling {
  readonly archive: Archive;
  readonly conversations: ConversationSource;
  readonly recordings: RecordingSource;
  readonly now: () => Date;
  /** True where nothing is to be fetched: then what is not there is `missing`. */
  readonly isDryRun?: boolean;
  /** True where a person asks: recordings that are on record as not produced are asked for again. */
  readonly asksAgain?: boolean;
}

/**
 * What became of a call, or of its recording. `unfinished`: nothing is expected yet. `none`: there is none to be had.
 * `unrecoverable`: no later run can get it. `failed`: a later one may.
 */
export type Fate = "unfinished" | "none" | "present" | "missing" | "recovered" | "unrecoverable" | "failed";

/** What was found of one conversation, and what was done about it. */
export interface Reconciled {
  readonly conversationId: string;
  readonly call: Exclude<Fate, "none">;
  readonly recording: Fate;
  /** The object that is now to be processed. */
  readonly key?: string;
  /** Why something is unrecoverable or failed. */
  readonly reasons: readonly string[];
}

/**
 * Whether a later run may get what `error` stood in the way of. A key that is not taken can be put right; if it is taken
 * for nothing any more, the list says so, and ends the run.
 */
export function fateOf(error: unknown): "unrecoverable" | "failed" {
  if (error instanceof ServiceRefused && (error.status === 401 || error.status === 403)) return "failed";
  const isFinal = [ServiceRefused, NotTheConversation, Unprocessable].some((kind) => error instanceof kind);
  return isFinal ? "unrecoverable" : "failed";
}
