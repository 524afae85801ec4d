import { number, text } from "../json.ts";
import { isTurnIndex } from "../rows/turn-index.ts";
import { byStart, isTool, type Span } from "./spans.ts";

/** What one speaker said in a span. */
export interface Turn {
  readonly role: "agent" | "user";
  readonly span: Span;
  /** The words; `null` if the span has none. */
  readonly message: string | null;
  /** The place in the transcript. */
  readonly index: number;
}

/** How a span states who spoke. Its name begins with `recv.` in webhooks, and with `event.` in live monitoring. */
const SPEAKERS = [
  { role: "user", name: /^(.*\.)?user_transcript$/, words: "user.text" },
  { role: "agent", name: /^(.*\.)?agent_response$/, words: "agent.text" },
] as const;

/**
 * The turns in `spans`, in the order of the transcript.
 *
 * The stated index decides, because times are in whole seconds. Turns without an index follow the others, in the order
 * of their times.
 */
export function turnsIn(spans: readonly Span[]): readonly Turn[] {
  const turns = spans
    .flatMap((span) => speakersOf(span).map((speaker) => ({ ...speaker, span, index: statedIndex(span) })))
    .sort((one, other) => one.index - other.index || byStart(one.span, other.span));
  const last = turns.findLast(({ index }) => index !== NO_INDEX)?.index ?? -1;
  const count = turns.filter(({ index }) => index !== NO_INDEX).length;
  return turns.map((turn, place) => (place < count ? turn : { ...turn, index: last + 1 + place - count }));
}

/** Whether a span is a turn. */
export function isTurn(span: Span): boolean {
  return speakersOf(span).length > 0;
}

/** Who spoke, and what. Rarely both: then the person spoke first. */
function speakersOf(span: Span): readonly Pick<Turn, "role" | "message">[] {
  if (isTool(span)) return [];
  const withWords = SPEAKERS.filter(({ words }) => span.attributes.has(words));
  const speakers = withWords.length > 0 ? withWords : SPEAKERS.filter(({ name }) => name.test(span.name));
  return speakers.map(({ role, words }) => ({ role, message: text(span.attributes.get(words)) }));
}

/** After every index. The difference of two is not a number, so that `||` goes on to the next order. */
const NO_INDEX = Number.POSITIVE_INFINITY;

function statedIndex({ attributes }: Span): number {
  const index = number(attributes.get("turn.index"));
  return isTurnIndex(index) ? index : NO_INDEX;
}
