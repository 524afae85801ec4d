import { numberIn, textIn } from "../parts/row.ts";
import type { HitRow } from "./search-query.ts";

/** One entry of a transcript: a hit, or one beside a hit. */
export interface Line {
  readonly turn: number;
  readonly seconds: number | null;
  readonly role: string | null;
  readonly message: string;
  /** What the entry is: the hit itself, or the last entry before or the first one after a hit. */
  readonly kind: "hit" | "before" | "after";
  /** Whether entries may lie between the line before and this one. */
  readonly isAfterGap: boolean;
}

/** The hits of one call, with the entries around them. */
export interface CallHits {
  readonly id: string;
  readonly title: string | null;
  readonly status: string | null;
  readonly call_successful: string | null;
  /** When it began, or the day if that is unknown. */
  readonly at: string;
  readonly hasTime: boolean;
  readonly caller: string | null;
  readonly agent: string | null;
  readonly lines: readonly Line[];
}

/** The hits by call, in their order. Rows of one call are beside each other, also over the end of a page. */
export function callHits(rows: readonly HitRow[]): readonly CallHits[] {
  const calls = new Map<string, HitRow[]>();
  for (const row of rows) {
    const id = String(row["conversation_id"]);
    calls.set(id, [...(calls.get(id) ?? []), row]);
  }
  return [...calls].map(([id, ofCall]) => {
    const row = ofCall[0] ?? {};
    const started = textIn(row, "started_at");
    return {
      id,
      title: textIn(row, "title"),
      status: textIn(row, "status"),
      call_successful: textIn(row, "call_successful"),
      at: started ?? String(row["dt"]),
      hasTime: started !== null,
      caller: textIn(row, "caller"),
      agent: textIn(row, "agent_id"),
      lines: linesOf(ofCall),
    };
  });
}

/** The hits and the entries around them, each once, in the order of the call. */
function linesOf(hits: readonly HitRow[]): readonly Line[] {
  const lines = new Map<number, Omit<Line, "isAfterGap">>();
  /** Pairs of entries with no other between them. */
  const neighbours = new Set<string>();
  for (const kind of ["before", "after", "hit"] as const) {
    const prefix = kind === "hit" ? "" : `${kind}_`;
    for (const row of hits) {
      const [turn, message] = [numberIn(row, `${prefix}turn_index`), textIn(row, kind === "hit" ? "message" : kind)];
      if (turn === null || message === null) continue;
      lines.set(turn, {
        turn,
        seconds: numberIn(row, `${prefix}time_in_call_secs`),
        role: textIn(row, `${prefix}role`),
        message,
        kind,
      });
      const hit = row["turn_index"];
      if (kind === "before") neighbours.add(`${turn} ${hit}`);
      if (kind === "after") neighbours.add(`${hit} ${turn}`);
    }
  }
  return [...lines.values()]
    .sort((one, other) => one.turn - other.turn)
    .map((line, index, all) => {
      const before = all[index - 1]?.turn;
      const isAfterGap = before !== undefined && line.turn !== before + 1 && !neighbours.has(`${before} ${line.turn}`);
      return { ...line, isAfterGap };
    });
}
