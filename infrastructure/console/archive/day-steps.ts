import { plural } from "../parts/format.ts";
import type { Day } from "./report.ts";

/** What is known of one step of one day. */
export type StepState =
  | { readonly kind: "none" | "whole" | "open" | "unknown"; readonly text: string }
  | { readonly kind: "missing"; readonly count: number; readonly text: string };

/** The steps of a day, in the order in which they are done. */
export const DAY_STEPS: readonly { readonly name: string; readonly of: (day: Day) => StepState }[] = [
  {
    name: "Calls",
    of: ({ missing, calls }) =>
      missing === null
        ? { kind: "unknown", text: `${callText(calls)}, not compared with ElevenLabs` }
        : lacking(missing, "call", callText(calls)),
  },
  {
    name: "Rows",
    of: ({ calls, rows }) =>
      calls === null
        ? { kind: "unknown", text: `rows of ${plural(rows, "call")}; the calls were not counted` }
        : lacking(calls - rows, "call without rows", `rows of ${plural(rows, "call")}`, "calls without rows"),
  },
  {
    name: "Recordings",
    of: ({ recordings, recordingsMissing }) => lacking(recordingsMissing, "recording", plural(recordings, "recording")),
  },
  {
    name: "Memories",
    of: ({ calls, memories }) =>
      calls === null || memories === null
        ? { kind: "unknown", text: "the memories were not counted" }
        : lacking(calls - memories, "call without memories", "all there", "calls without memories"),
  },
  {
    name: "Closed",
    of: ({ isClosed }) => (isClosed ? { kind: "whole", text: "closed" } : { kind: "open", text: "not closed yet" }),
  },
];

function lacking(count: number, one: string, otherwise: string, many?: string): StepState {
  if (count <= 0) return { kind: "whole", text: otherwise };
  return { kind: "missing", count, text: `${plural(count, one, many)}${many === undefined ? " missing" : ""}` };
}

function callText(calls: number | null): string {
  return calls === null ? "calls not counted" : plural(calls, "call");
}
