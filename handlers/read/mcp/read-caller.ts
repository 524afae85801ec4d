import { z } from "zod";
import { callerReport } from "../caller.ts";
import { locateCall } from "../find-call.ts";
import { Problem } from "../problem.ts";
import { shortTexts } from "./fit.ts";
import { memoryRow } from "./read-call.ts";
import type { Section } from "./reply.ts";
import { ARGUMENTS, defineTool, type ToolDeps } from "./tool.ts";

const MOST_TEXT = 1_000;

/** How many calls and memories a summary has. */
const IN_SUMMARY = { calls: 20, memories: 4 };

/** Reads the calls and memories of one person. */
export const readCaller = defineTool({
  name: "read_caller",
  title: "Read one caller",
  description:
    "Reads what the archive knows of one person, by caller or by the conversation_id of one of their calls: the number " +
    "of calls, their outcomes, the calls (the latest first), and the memories.",
  input: z.strictObject({
    caller: ARGUMENTS.caller,
    conversation_id: ARGUMENTS.conversation_id.describe("A call of the person, instead of caller."),
    section: z
      .enum(["summary", "calls", "memories"])
      .default("summary")
      .describe("Which part to read. summary has the latest calls and memories."),
    from_row: ARGUMENTS.fromRow.describe("In a section, position of its first row, counted from 0."),
  }),
  async answer({ section, from_row, ...person }, deps) {
    const report = await callerReport(await folderOf(person, deps), deps);
    const show = (row: Parameters<typeof deps.mask.json>[0]) => shortTexts(deps.mask.json(row), MOST_TEXT);
    const lists = { calls: report.calls, memories: (report.memories ?? []).toReversed().map(memoryRow) };
    const sectionOf = (name: keyof typeof lists, from: number, rows?: number): Section => ({
      name,
      rows: lists[name].slice(from, rows).map(show),
      from,
      total: lists[name].length,
      restFrom: (next) => ({ section: name, from_row: next }),
    });
    const notes = [
      "One person. The latest call and the latest memory are first.",
      ...(report.is_cut
        ? ["There are more calls than listed: list_calls with this caller and to has earlier ones."]
        : []),
      ...(report.memories === null ? ["A memory service stores the memories; they cannot be read here."] : []),
      ...(report.caller === "anonymous"
        ? ["anonymous is every caller without a number, so it is not one person."]
        : []),
    ];
    const facts = deps.mask.json({
      caller: report.caller,
      call_count: report.call_count,
      outcomes: report.outcomes.map((outcome) => ({ ...outcome })),
    });
    const sections =
      section === "summary"
        ? [sectionOf("memories", 0, IN_SUMMARY.memories), sectionOf("calls", 0, IN_SUMMARY.calls)]
        : [sectionOf(section, from_row)];
    return { note: notes.join("\n"), facts: { person: facts }, sections };
  },
});

async function folderOf(
  { caller, conversation_id }: { readonly caller?: string | undefined; readonly conversation_id?: string | undefined },
  deps: ToolDeps,
): Promise<string> {
  if ((caller === undefined) === (conversation_id === undefined)) {
    throw new Problem(400, "One person", "Give either caller or conversation_id.");
  }
  if (conversation_id === undefined) return deps.mask.callerIn(caller ?? "");
  const { name } = await locateCall(conversation_id, deps);
  if (name.caller !== null) return name.caller;
  throw new Problem(404, "No caller", "The archive does not know who had this call.");
}
