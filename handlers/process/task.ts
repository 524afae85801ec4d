import type { DeliveredEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import type { Archive, StoredObject } from "../clients/archive/archive.ts";
import type { Memories } from "../clients/memory/memories.ts";
import type { AudioDeps } from "./audio.ts";
import type { ConversationIndex, ObjectRecord } from "./conversation-index.ts";

/** Where the steps read and write. */
export interface Stores extends AudioDeps {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** Absent where nobody is to be remembered. */
  readonly memories?: Memories | undefined;
}

/** One object, read and understood, and the record of it that will be in the index. */
export interface Task<Event extends DeliveredEvent = DeliveredEvent> {
  readonly name: RawKey;
  readonly object: StoredObject;
  readonly event: Event;
  readonly record: ObjectRecord;
  readonly remaining: readonly Step[];
}

/** What a step changes in the index besides the record of its own object. */
export type IndexChange = Partial<Pick<ConversationIndex, "home" | "days" | "memory" | "recording" | "objects">>;

/** How much a run wrote. Objects that were right already do not count. */
export interface Written {
  readonly recordings?: number;
  readonly rows?: number;
  readonly memories?: number;
}

/** What came of a step: what goes on record, and how much it wrote. */
export interface Result {
  readonly change?: IndexChange;
  readonly written?: Written;
  /** When the step is to be tried again, if it is neither done nor failed. */
  readonly later?: Date | undefined;
  /** Why the step failed, where its change goes on record all the same: what a step throws leaves none. */
  readonly failure?: unknown;
}

/** What is put on record before anything is done, and how to do each step. */
export interface Plan {
  readonly intent: IndexChange;
  readonly steps: Readonly<Partial<Record<Step, () => Promise<Result>>>>;
}
