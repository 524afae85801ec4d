import type { DeliveredEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import type { Archive, StoredObject } from "../clients/archive/archive.ts";
import type { Memories } from "../clients/memory/memories.ts";
import type { AudioDeps } from "./audio.ts";
import type { ConversationIndex, ObjectRecord } from "./conversation-index.ts";

/** The stores that the steps read and write, and the rule for the caller. */
export interface Stores extends AudioDeps {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** Absent if no memories are kept. */
  readonly memories?: Memories | undefined;
  /** Completes national phone numbers, for the user of the memories. */
  readonly defaultCountryCode?: DefaultCountryCode;
}

/** One object with its parsed event, and its next record in the index. */
export interface Task<Event extends DeliveredEvent = DeliveredEvent> {
  readonly name: RawKey;
  readonly object: StoredObject;
  readonly event: Event;
  readonly record: ObjectRecord;
  readonly remaining: readonly Step[];
}

/** The changes of a step to the index, besides the record of the processed object. */
export type IndexChange = Partial<
  Pick<ConversationIndex, "home" | "hours" | "rows" | "memory" | "recording" | "objects">
>;

/** How much a run wrote. Objects that were already correct do not count. */
export interface Written {
  readonly recordings?: number;
  readonly rows?: number;
  readonly memories?: number;
}

/** The result of a step: its changes to the index, and how much it wrote. */
export interface Result {
  readonly change?: IndexChange;
  readonly written?: Written;
  /** When to try the step again, if it is neither done nor failed. */
  readonly later?: Date | undefined;
  /** Why the step failed, if its change is still recorded. A step that throws records no change. */
  readonly failure?: unknown;
}

/** The changes to the index before the first step, and how to do each step. */
export interface Plan {
  readonly intent: IndexChange;
  readonly steps: Readonly<Partial<Record<Step, () => Promise<Result>>>>;
}
