import { byStart, type Span } from "./spans.ts";
import type { Turn } from "./turns.ts";

/** How far above a tool its turn may be. Tools of a workflow are nested. */
const HIGHEST_LEVEL = 100;

/**
 * The turn of each tool in `tools`: the one that its span is in. A tool that is in no turn belongs to the last turn of
 * the agent that began before it; before all of them, to the first one. Empty if the agent has no turn.
 */
export function toolTurns(
  tools: readonly Span[],
  turns: readonly Turn[],
  spans: readonly Span[],
): ReadonlyMap<Span, Turn> {
  const ofAgent = turns.filter(({ role }) => role === "agent");
  const bySpan = new Map(ofAgent.map((turn) => [turn.span, turn]));
  const byId = new Map(spans.flatMap((span) => (span.id === null ? [] : [[span.id, span] as const])).reverse());
  const byTime = ofAgent.toSorted((one, other) => byStart(one.span, other.span));
  return new Map(
    tools.flatMap((tool) => {
      const turn = turnAbove(tool, bySpan, byId) ?? lastBefore(tool, byTime);
      return turn ? [[tool, turn] as const] : [];
    }),
  );
}

function turnAbove(tool: Span, bySpan: ReadonlyMap<Span, Turn>, byId: ReadonlyMap<string, Span>): Turn | undefined {
  let span: Span | undefined = tool;
  for (let level = 0; span && level < HIGHEST_LEVEL; level += 1) {
    const turn = bySpan.get(span);
    if (turn) return turn;
    span = span.parentId === null ? undefined : byId.get(span.parentId);
  }
  return undefined;
}

/** The last turn that did not begin after the tool, by halving: a call may have thousands of both. */
function lastBefore(tool: Span, byTime: readonly Turn[]): Turn | undefined {
  let [low, high] = [0, byTime.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const turn = byTime[middle];
    if (turn && byStart(turn.span, tool) <= 0) low = middle + 1;
    else high = middle;
  }
  return byTime[low - 1] ?? byTime[0];
}
