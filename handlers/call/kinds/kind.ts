import type { DeliveredEvent, KnownEvent, UnroutedEvent } from "../event.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import type { Provenance } from "../rows/provenance.ts";
import type { TableRows } from "../rows/table-rows.ts";

/** A step of processing an object. */
export type Step = "audio" | "rows" | "memory";

/**
 * The role of an object in its conversation. It decides how the processor does the steps.
 *
 * - `call`: the object is the call. Its key is the key of the conversation, and the rows are from it.
 * - `attempt`: the object represents the conversation until there is a call.
 * - `beside`: the object adds to the call. It arrives before or after it.
 * - `alone`: the object is a separate conversation, identified by its key.
 */
export type KindRole = "call" | "attempt" | "beside" | "alone";

/** What `verify` expects of an object, besides the rows that `rows` returns. */
interface Expectation {
  /** The place of the recording: an MP3 beside the object, or beside the call for which the object delivered it. */
  readonly recording: "beside it" | "delivered" | "none";
  /** Whether ElevenLabs' API has a copy that can replace a damaged object. */
  readonly isFetchable: boolean;
}

/** The properties of every kind. */
interface AnyKind {
  /** Matches the keys of this kind and of no other. Its groups are `caller` and `conversation`, if the key has them. */
  readonly keys: RegExp;
  readonly role: KindRole;
  /** The steps of an object, in order. An object without steps is only recorded in the index. */
  readonly steps: readonly Step[];
  readonly expects: Expectation;
}

/** A kind that this version supports. An object of this kind contains the event that its key states. */
export interface RoutedKind extends AnyKind {
  readonly isRouted: true;
  /** The `type`s of its webhooks. */
  readonly types: readonly [string, ...string[]];
  /** Whether `data` has the fields of this kind, and of no other one. It names the kind of a body without a type. */
  readonly hasFields: (data: unknown) => boolean;
  /** `data` in the form that the properties below read. Absent if it is sent in one form only. */
  readonly readForm?: (data: unknown) => unknown;
  /** The fields of `data` that can name the person on the line, in order; the channel decides which. */
  readonly person: (data: unknown) => readonly string[];
  /** The key of an event. Both arguments are already slugs. */
  readonly key: (caller: string, conversation: string) => string;
  /** The moment that gives its rows their day and hour. */
  readonly moment: (event: KnownEvent, receivedAt: Date) => Date;
  /** Its rows, except those of its recording, which come from the MP3. `absence` is why the call has no recording. */
  readonly rows: (event: KnownEvent, from: Provenance, absence?: RecordingAbsence) => TableRows;
}

/** The kind of all other objects. They may contain anything. */
export interface UnroutedKind extends AnyKind {
  readonly isRouted: false;
  /** The key of an event, from its type, its conversation id if it has one, and else its bytes. */
  readonly key: (event: UnroutedEvent, body: Buffer) => string;
  /** The moment that gives its rows their day and hour. */
  readonly moment: (event: DeliveredEvent, receivedAt: Date) => Date;
  readonly rows: (event: DeliveredEvent, from: Provenance) => TableRows;
}
