import { byStart, isTool, type Span } from "./spans.ts";
import { picked, stated, unlessEmpty } from "./stated.ts";
import { toolTurns } from "./tool-turns.ts";
import { toolUse } from "./tool-use.ts";
import { turnMeasurements } from "./turn-measurements.ts";
import { type Turn, turnsIn } from "./turns.ts";

/**
 * The transcript that spans describe, as entries of a `post_call_transcription`. Each entry states its `turn_index`.
 * Unlike there, the tools of a turn are in the turn's own entry.
 *
 * `spans` has each span once. `callStart` is in nanoseconds since 1970.
 */
export function transcriptOf(spans: readonly Span[], callStart: bigint | null): readonly unknown[] {
  const tools = spans.filter(isTool).sort(byStart);
  const said = turnsIn(spans);
  const turns = said.some(({ role }) => role === "agent") ? said : [...said, ...turnsOfTools(tools, said)];
  const owners = toolTurns(tools, turns, spans);
  const used = Map.groupBy(tools.entries(), ([, tool]) => owners.get(tool));
  return turns.map((turn) => {
    const uses = (used.get(turn) ?? []).map(([place, tool]) => toolUse(tool, place));
    return stated({
      role: turn.role,
      turn_index: turn.index,
      message: turn.message,
      interrupted: turn.role === "agent" && turn.message !== null ? isInterrupted(turn.message) : null,
      time_in_call_secs: secondsBetween(callStart, turn.span.start),
      tool_calls: uses.map(({ call }) => call),
      tool_results: uses.flatMap(({ result }) => result ?? []),
      agent_metadata: turn.role === "agent" ? unlessEmpty(picked(turn.span.attributes, ["agent_id"])) : null,
      ...(turn.role === "agent" && turnMeasurements(turn.span.attributes)),
    });
  });
}

/** A turn without words for each tool: the agent has no other. */
function turnsOfTools(tools: readonly Span[], before: readonly Turn[]): readonly Turn[] {
  const next = 1 + (before.at(-1)?.index ?? -1);
  return tools.map((span, place) => ({ role: "agent", span, message: null, index: next + place }));
}

/** ElevenLabs ends the words of an interrupted turn with "..." (captures of 2026). Dots alone are a silence. */
function isInterrupted(message: string): boolean {
  return /[^\s.…]\s*(\.{3,}|…)\s*$/.test(message);
}

/** `null` if a time is missing, or before the start of the call. */
function secondsBetween(start: bigint | null, time: bigint | null): number | null {
  return start === null || time === null || time < start ? null : Number(time - start) / 1e9;
}
