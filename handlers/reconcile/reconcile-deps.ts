import type { Archive } from "../clients/archive/archive.ts";
import type { ConversationSource, ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import type { RecordingSource } from "../clients/elevenlabs/recording-source.ts";
import { isRefusalOfKey, ServiceRefused } from "../clients/http/service-errors.ts";
import { Unprocessable } from "../process/unprocessable.ts";
import { NotTheConversation } from "./envelope.ts";

/** What reconciling needs from outside. */
export interface ReconcileDeps {
  readonly archive: Archive;
  readonly conversations: ConversationSource;
  readonly recordings: RecordingSource;
  readonly now: () => Date;
  /** True where nothing is to be fetched: then what is not there is `missing`. */
  readonly isDryRun?: boolean;
  /** How closely to look at a call that is on record; without it, its index is believed. */
  readonly checkDepth?: (listed: ListedConversation) => CheckDepth;
  /** True where a person asks: recordings that are on record as not produced are asked for again. */
  readonly retriesRecordings?: boolean;
}

/**
 * How closely a call that is on record is looked at. Each level costs more requests, and includes those before it.
 *
 * - `index`: its index is believed.
 * - `head`: whether its JSON is there.
 * - `upload`: whether another upload than the one on record can be read.
 * - `bytes`: whether it has the bytes that were stored. A store that keeps no checksums needs it: a folder.
 */
export type CheckDepth = "index" | "head" | "upload" | "bytes";

/**
 * What became of a call, or of its recording. `unfinished`: nothing is expected yet. `none`: there is none to be had.
 * `unrecoverable`: no later run can get it. `failed`: a later one may.
 */
type Fate = "unfinished" | "none" | "present" | "missing" | "recovered" | "unrecoverable" | "failed";

/** What was found of one conversation, and what was done about it. */
export interface Reconciled {
  readonly conversationId: string;
  /** `deleted`: on purpose, so that nothing is fetched. */
  readonly call: Exclude<Fate, "none"> | "deleted";
  readonly recording: Fate;
  /** The object that is now to be processed. */
  readonly key?: string;
  /** Why something is unrecoverable or failed. */
  readonly reasons: readonly string[];
  /** The 401 or 403 with which ElevenLabs refused the call or its recording. */
  readonly refusal?: ServiceRefused;
}

/** Whether a later run may get what `error` stood in the way of. A key that is not taken can be put right. */
export function fateOf(error: unknown): "unrecoverable" | "failed" {
  if (isRefusalOfKey(error)) return "failed";
  const isFinal = [ServiceRefused, NotTheConversation, Unprocessable].some((kind) => error instanceof kind);
  return isFinal ? "unrecoverable" : "failed";
}
