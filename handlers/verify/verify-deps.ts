import type { DeliveredEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import type { Archive, StoredObject } from "../clients/archive/archive.ts";
import type { StoredMemories } from "../clients/memory/memories.ts";
import type { ConversationIndex, ObjectRecord } from "../process/conversation-index.ts";

/** What verifying needs from outside. Verifying writes nothing. */
export interface VerifyDeps {
  readonly archive: Pick<Archive, "get" | "head" | "list" | "stream">;
  readonly analytics: Pick<Archive, "get" | "head" | "list" | "folders" | "stream">;
  /** The configured secrets. Read at the first signature. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Whether callers are remembered at all. */
  readonly remembers: boolean;
  /** The memories, if they can be read at no cost. */
  readonly memories?: Pick<StoredMemories, "areExactly"> | undefined;
  /** Completes national phone numbers, for the caller. */
  readonly defaultCountryCode?: DefaultCountryCode;
  /** Whether recordings that were not delivered are fetched from ElevenLabs. */
  readonly fetches: boolean;
  /**
   * Whether the archive is a copied folder that was not opened yet: recorded bytes then count as the recorded upload.
   */
  readonly isCopy?: boolean;
  /** Whether each recording is read from its first byte to its last. */
  readonly readsRecordings: boolean;
  readonly now: () => Date;
}

/** An object whose content fits its key and whose bytes are on record, with everything that is compared. */
export interface Subject<Event extends DeliveredEvent = DeliveredEvent> {
  readonly name: RawKey;
  readonly object: StoredObject;
  readonly event: Event;
  readonly index: ConversationIndex;
  readonly record: ObjectRecord;
  /** Steps that are not done. Their outputs are not checked. */
  readonly remaining: readonly Step[];
}

/** How long an upload may wait for processing, and a dead processor for its successor, before that is a finding. */
export const GRACE_MS = 10 * 60 * 1000;
