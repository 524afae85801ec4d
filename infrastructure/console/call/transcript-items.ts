import { type Course, isHeard, type Speech, type ToolCall, type Turn } from "./course.ts";
import type { Silence } from "./silences.ts";

/** A row of the transcript. */
export type TranscriptItem =
  /** `place` is the position in the speech of the course. */
  | { readonly kind: "turn"; readonly key: string; readonly speech: Speech; readonly place: number }
  /** An entry that was not heard: a silence, a file, what the customer's application sent. */
  | { readonly kind: "note"; readonly key: string; readonly turn: Turn }
  | { readonly kind: "tool"; readonly key: string; readonly tool: ToolCall; readonly depth: number }
  | { readonly kind: "silence"; readonly key: string; readonly silence: Silence }
  | { readonly kind: "end"; readonly key: string };

/** The rows of a transcript in order: each entry, then the tools that it called, nested ones under their parent. */
export function transcriptItems(
  turns: readonly Turn[],
  tools: readonly ToolCall[],
  course: Course,
  silences: readonly Silence[],
): TranscriptItem[] {
  const items: TranscriptItem[] = [];
  const nested = nestedTools(tools);
  const byTurn = Map.groupBy(nested, ({ root }) => root.turn_index);
  const silenceAfter = new Map(silences.map((silence) => [silence.turn, silence]));
  let pending: Silence | undefined;
  const endSilence = () => {
    if (pending) items.push({ kind: "silence", key: `silence ${pending.turn}`, silence: pending });
    pending = undefined;
  };
  let place = 0;
  for (const turn of turns) {
    const speech = course.speech[place];
    if (isHeard(turn) && speech) {
      // Only words end a silence: an ignored sound of the caller does not.
      if ((turn.kind ?? "said") === "said") endSilence();
      items.push({ kind: "turn", key: `turn ${turn.turn_index}`, speech, place });
      place += 1;
    } else if (turn.kind !== "tool") items.push({ kind: "note", key: `turn ${turn.turn_index}`, turn });
    for (const { tool, depth } of byTurn.get(turn.turn_index) ?? [])
      items.push({ kind: "tool", key: `tool ${items.length} ${tool.request_id}`, tool, depth });
    pending = silenceAfter.get(turn.turn_index ?? -1) ?? pending;
  }
  endSilence();
  items.push({ kind: "end", key: "end" });
  return items;
}

/** The tools in order, each followed by the tools inside it. `root` is the outermost one. */
function nestedTools(tools: readonly ToolCall[]): { tool: ToolCall; depth: number; root: ToolCall }[] {
  const ids = new Set(tools.map(({ request_id }) => request_id));
  const inside = Map.groupBy(tools, ({ parent_request_id }) => parent_request_id);
  const seen = new Set<ToolCall>();
  const nested: { tool: ToolCall; depth: number; root: ToolCall }[] = [];
  const add = (tool: ToolCall, depth: number, root: ToolCall) => {
    // Ids come from outside, and may form a circle.
    if (seen.has(tool)) return;
    seen.add(tool);
    nested.push({ tool, depth, root });
    if (tool.request_id === null) return;
    for (const child of inside.get(tool.request_id) ?? []) add(child, depth + 1, root);
  };
  for (const tool of tools) if (tool.parent_request_id === null || !ids.has(tool.parent_request_id)) add(tool, 0, tool);
  for (const tool of tools) add(tool, 0, tool);
  return nested;
}
