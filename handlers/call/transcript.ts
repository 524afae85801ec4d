import type { KnownEvent } from "./event.ts";
import { at, list, text } from "./json.ts";
import { mailboxEntryCount } from "./rows/mailbox.ts";
import { messageOf } from "./spoken-text.ts";
import { kindOf, type TurnKind } from "./turn-kind.ts";

/** An entry of a transcript, with its text and its kind. */
export interface Turn {
  /** The entry in the delivery. */
  readonly entry: unknown;
  readonly role: string | null;
  readonly message: string | null;
  readonly kind: TurnKind;
}

/** The transcripts that were read, as long as their events are in use. */
const read = new WeakMap<KnownEvent, readonly Turn[]>();

/**
 * Every entry of the transcript, in order. Rows, counts and memories are made from these, so that they agree. It is read
 * only the first time.
 */
export function transcriptOf(event: KnownEvent): readonly Turn[] {
  const turns = read.get(event) ?? turnsIn(event);
  read.set(event, turns);
  return turns;
}

function turnsIn(event: KnownEvent): Turn[] {
  const data = at(event.body.value, "data");
  const transcript = list(at(data, "transcript"));
  const mailboxEntries = mailboxEntryCount(data);
  return transcript.map((entry, index) => {
    const message = messageOf(entry);
    return { entry, role: text(at(entry, "role")), message, kind: kindOf(entry, message, index < mailboxEntries) };
  });
}

/** What the person (`user`) or the agent said, in order. */
export function saidBy(role: "user" | "agent", transcript: readonly Turn[]): Turn[] {
  return transcript.filter((turn) => turn.kind === "said" && turn.role === role);
}

/** The number of entries of these kinds. */
export function countOf(transcript: readonly Turn[], ...kinds: readonly TurnKind[]): number {
  return transcript.filter(({ kind }) => kinds.includes(kind)).length;
}
