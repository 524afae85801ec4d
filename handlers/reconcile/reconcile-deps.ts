import type { DefaultCountryCode } from "../call/phone-number.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { ConversationSource, ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import type { RecordingSource } from "../clients/elevenlabs/recording-source.ts";
import { isRefusalOfKey, ServiceRefused } from "../clients/http/service-errors.ts";
import { Unprocessable } from "../process/unprocessable.ts";
import { NotTheConversation } from "./envelope.ts";

/** The dependencies of reconcile. */
export interface ReconcileDeps {
  readonly archive: Archive;
  readonly conversations: ConversationSource;
  readonly recordings: RecordingSource;
  /** Completes national phone numbers, for the folder of a fetched call. */
  readonly defaultCountryCode?: DefaultCountryCode;
  readonly now: () => Date;
  /** True to fetch nothing: absent calls and recordings are then `missing`. */
  readonly isDryRun?: boolean;
  /** How closely to check a call that is on record; `index` if it is not set. */
  readonly checkDepth?: (listed: ListedConversation) => CheckDepth;
  /**
   * Whether the recording of a call is known to be stored. Such a call is complete: it is not checked at the depth
   * `index`, and its recording at no depth. If this is not set, every call is checked.
   */
  readonly isRecorded?: (listed: ListedConversation) => Promise<boolean>;
  /** True to request recordings again that are finally absent, in a run that a person starts. */
  readonly retriesRecordings?: boolean;
}

/**
 * How closely a call that is on record is checked. Each level costs more requests, and includes the previous ones.
 *
 * - `index`: only that it is in its index.
 * - `head`: that its JSON exists.
 * - `upload`: that its JSON is undamaged, if it is another upload than the one on record.
 * - `bytes`: that its JSON has the bytes that were stored. For a folder, because it has no checksums.
 */
export type CheckDepth = "index" | "head" | "upload" | "bytes";

/**
 * The status of a call, or of its recording. `unfinished`: it is not expected yet. `none`: there is none.
 * `unrecoverable`: no later run can fetch it. `failed`: a later run may.
 */
type Status = "unfinished" | "none" | "present" | "missing" | "recovered" | "unrecoverable" | "failed";

/** The result of reconciling one conversation. */
export interface Reconciled {
  readonly conversationId: string;
  /** `deleted`: it was deleted on purpose, and nothing is fetched. */
  readonly call: Exclude<Status, "none"> | "deleted";
  readonly recording: Status;
  /** The key of the object to process now. */
  readonly key?: string;
  /** Why something is unrecoverable or failed. */
  readonly reasons: readonly string[];
  /** The 401 or 403 with which ElevenLabs refused the call or its recording. */
  readonly refusal?: ServiceRefused;
}

/** The status after `error`: `failed` if a later run can succeed. A refused API key can be replaced. */
export function statusAfter(error: unknown): "unrecoverable" | "failed" {
  if (isRefusalOfKey(error)) return "failed";
  const isFinal = [ServiceRefused, NotTheConversation, Unprocessable].some((kind) => error instanceof kind);
  return isFinal ? "unrecoverable" : "failed";
}
