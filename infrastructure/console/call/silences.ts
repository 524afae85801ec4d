import { useQuery } from "@tanstack/react-query";
import type { Answer } from "../api/client.ts";
import { answerQuery, type Call } from "../api/queries.ts";

/** A silence in a call, as the saved query `silences` estimates it. */
export interface Silence {
  /** The turn before it. */
  readonly turn: number;
  readonly from: number;
  readonly secs: number;
  /** The tools that ran meanwhile, separated by commas. */
  readonly tools: string | null;
}

/** Shorter silences are not shown. */
const AT_LEAST_SECS = "4";
const FRESH_MS = 5 * 60_000;
const NONE: readonly Silence[] = [];

/** Why the times of silences are estimates. */
export const ESTIMATE =
  "An estimate: ElevenLabs states when a turn began, not when it ended. The saved query silences assumes 15 letters a second for the agent and 10 for the caller.";

/** The silences of a call, from the saved query, and whether it failed. The calls of one day share its answer. */
export function useSilences({ conversation, turns }: Call): readonly [silences: readonly Silence[], isFailed: boolean] {
  const { conversation_id: id, dt: day = "" } = conversation;
  const { data = NONE, isError } = useQuery({
    ...answerQuery("silences", { from: day, to: day, at_least_secs: AT_LEAST_SECS }),
    enabled: day !== "" && turns.length > 0,
    staleTime: FRESH_MS,
    select: ({ items }: Answer<"/api/v1/questions/{name}">): readonly Silence[] =>
      items
        .filter((row) => row["conversation_id"] === id)
        .map((row) => ({
          turn: Number(row["turn_index"]),
          from: Number(row["time_in_call_secs"]),
          secs: Number(row["silence_secs"]),
          tools: typeof row["tool_names"] === "string" ? row["tool_names"] : null,
        })),
  });
  return [data, isError];
}
