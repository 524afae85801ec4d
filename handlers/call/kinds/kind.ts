import type { DeliveredEvent, KnownEvent, UnroutedEvent } from "../event.ts";
import type { RecordingAbsence } from "../recording-absence.ts";
import type { Provenance } from "../rows/provenance.ts";
import type { TableRows } from "../rows/table-rows.ts";

/** What can be done with an object. */
export type Step = "audio" | "rows" | "memory";

/**
 * What an object is to its conversation. It decides how the processor does the steps.
 *
 * - `call`: it is the call. The conversation lives at its key, and the rows are its own.
 * - `attempt`: it stands for the call as long as there is none.
 * - `beside`: it comes beside the call, before or after it.
 * - `alone`: it is a conversation of its own, named by its key.
 */
export type KindRole = "call" | "attempt" | "beside" | "alone";

/** What `verify` expects of an object besides its rows, which are to be those that `rows` gives. */
interface Expectation {
  /** Where the recording is: an MP3 beside the object, or one beside the call that the object delivered it to. */
  readonly recording: "beside it" | "delivered" | "none";
  /** Whether a damaged object can be fetched from ElevenLabs again. */
  readonly isFetchable: boolean;
}

/** What every kind of event states. */
interface AnyKind {
  /** Which keys are of this kind, and no other's. Its groups are the `caller` and the `conversation`, where a key has them. */
  readonly keys: RegExp;
  readonly role: KindRole;
  /** What there is to do with an object, in this order. An object without steps is only recorded in the index. */
  readonly steps: readonly Step[];
  readonly expects: Expectation;
}

/** A kind that this version understands. An object of it holds the event that its key names. */
export interface RoutedKind extends AnyKind {
  readonly isRouted: true;
  /** The `type`s of its webhooks. */
  readonly types: readonly [string, ...string[]];
  /** What may name the person on the line in `data`, in order. */
  readonly person: (data: unknown) => readonly string[];
  /** The key of an event. Both arguments are as keys write them. */
  readonly key: (caller: string, conversation: string) => string;
  /** The UTC date of its rows, `YYYY-MM-DD`. */
  readonly day: (event: KnownEvent, receivedAt: Date) => string;
  /** Its rows, without those of its recording, which follow the MP3. `absence` is why the call has no recording. */
  readonly rows: (event: KnownEvent, from: Provenance, absence?: RecordingAbsence) => TableRows;
}

/** The kind of all other objects. They may hold anything. */
export interface UnroutedKind extends AnyKind {
  readonly isRouted: false;
  /** The key of an event, by what it names and its bytes. */
  readonly key: (event: UnroutedEvent, body: Buffer) => string;
  /** The UTC date of its rows, `YYYY-MM-DD`. */
  readonly day: (event: DeliveredEvent, receivedAt: Date) => string;
  readonly rows: (event: DeliveredEvent, from: Provenance) => TableRows;
}
