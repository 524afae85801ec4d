import { z } from "zod";
import type { TurnRow } from "../../../queries/tables/turns.ts";
import { type CallReport, reportOf } from "../call.ts";
import { findCall } from "../find-call.ts";
import { transcriptText, turnsOf } from "../transcript.ts";
import { enoughRows, shortText, shortTexts } from "./fit.ts";
import type { Json } from "./json-value.ts";
import type { Draft, Section } from "./reply.ts";
import { ARGUMENTS, defineTool, type ToolDeps } from "./tool.ts";

const MOST_TEXT = 2_000;
/** The most characters of an entry of the transcript. */
const MOST_ENTRY = 4_000;
/** The most characters of a list in the summary, so that the transcript begins in it, too. */
const MOST_OF_LIST = 6_000;

const SECTIONS = [
  ...(["transcript", "tool_calls", "evaluations", "data_points", "variables", "llm_usage", "memories"] as const),
];
type SectionName = (typeof SECTIONS)[number];

/** Reads one call. */
export const readCall = defineTool({
  name: "read_call",
  title: "Read one call",
  description:
    "Reads one call or failed attempt by its conversation_id: by default everything in short (outcome, evaluations, " +
    "collected values, tool calls) and the beginning of the transcript. A section has one part in full.",
  input: z.strictObject({
    conversation_id: ARGUMENTS.text.describe("The conversation_id of the call."),
    section: z
      .enum(["summary", ...SECTIONS])
      .default("summary")
      .describe("Which part to read. summary has the beginning of each."),
    from_row: ARGUMENTS.fromRow.describe(
      "In a section, position of its first row, counted from 0. In a transcript it is the turn_index.",
    ),
  }),
  answer: ({ conversation_id, section, from_row }, deps) => callDraft(conversation_id, deps, section, from_row),
});

/**
 * The answer on one call: a summary, or one section from a row on.
 *
 * @throws {Problem} if there is no such call, or it was deleted.
 */
export async function callDraft(
  id: string,
  deps: ToolDeps,
  section: SectionName | "summary" = "summary",
  fromRow = 0,
): Promise<Draft> {
  const call = await findCall(id, deps);
  const report = await reportOf(call, deps);
  const show = (value: Json) => shortTexts(deps.mask.json(value), MOST_TEXT);
  const line = (turn: TurnRow) => {
    const text = shortText(deps.mask.text(transcriptText([turn]).trimEnd()), MOST_ENTRY);
    return `${turn.turn_index} at ${text}`;
  };
  const sectionOf = (name: SectionName, from: number): Section => {
    const place = { name, from, restFrom: (next: number) => ({ section: name, from_row: next }) };
    if (name === "transcript") {
      const turns = turnsOf(call.event, call.name.caller ?? "");
      return { ...place, rows: enoughRows(turns.slice(from), line), total: turns.length };
    }
    const all = listOf(report, name) ?? [];
    return { ...place, rows: enoughRows(all.slice(from), show), total: all.length };
  };
  const noMemories =
    report.memories === null ? "\nA memory service stores the memories; they cannot be read here." : "";
  if (section !== "summary") {
    const note = `The ${section} of the call.${section === "memories" ? noMemories : ""}`;
    return { note, sections: [sectionOf(section, fromRow)] };
  }
  const facts = {
    conversation: show(report.conversation),
    recording: show(report.recording),
    archive: show(placeOf(report)),
  };
  const lists: readonly SectionName[] = ["evaluations", "data_points", "tool_calls", "variables"];
  const sections = [
    ...lists.map((name) => ({ ...sectionOf(name, 0), most: MOST_OF_LIST })).filter(({ rows }) => rows.length > 0),
    sectionOf("transcript", 0),
  ];
  return { note: `One call. Each line of the transcript begins with its turn_index and its time.`, facts, sections };
}

function placeOf({ archive: { steps, ...archive } }: CallReport): Json {
  return { ...archive, steps: steps.map((step) => ({ ...step })) };
}

function listOf(report: CallReport, name: Exclude<SectionName, "transcript">): readonly Json[] | null {
  if (name !== "memories") return report[name];
  return report.memories?.map(memoryRow) ?? null;
}

type Memory = NonNullable<CallReport["memories"]>[number];

/** A memory in one row. */
export function memoryRow({ type, conversation_id, messages, metadata }: Memory): Json {
  const text = messages.map(({ role, content }) => `${role}: ${content}`).join("\n");
  return { type, conversation_id, started_at: metadata.started_at, text };
}
