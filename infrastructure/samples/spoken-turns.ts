import type { Call } from "./call.ts";
import { filled } from "./details.ts";
import type { SpokenTurn } from "./voice/speech.ts";

/** The letters that are spoken in a second, as `queries/silences.sql` estimates. */
const LETTERS_PER_SECOND = { agent: 15, user: 10 };

/**
 * The words of `call` with the times at which its recording has them.
 *
 * A turn begins in the second that the transcript states, but not before the turn before it has ended. It ends when all
 * its letters are spoken, or when the next turn begins.
 */
export function spokenTurns({ timeline, details }: Pick<Call, "timeline" | "details">): SpokenTurn[] {
  let free = 0;
  const begun = timeline.moments.flatMap(({ step, startsAt, endsAt }) => {
    if (step.kind === "tool") return [];
    const fromSecs = Math.max(Math.floor(startsAt), free);
    free = endsAt;
    return [{ speaker: step.role, text: filled(step.heard ?? step.text, details), fromSecs }];
  });
  return begun.map((turn, index) => {
    const said = turn.fromSecs + turn.text.length / LETTERS_PER_SECOND[turn.speaker];
    return { ...turn, toSecs: Math.min(said, begun[index + 1]?.fromSecs ?? timeline.durationSecs) };
  });
}
