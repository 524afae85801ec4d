import { z } from "zod";
import { callsPage, SORTS } from "../calls.ts";
import type { JsonRow } from "../json-rows.ts";
import { shortTexts } from "./fit.ts";
import { pageSection } from "./page.ts";
import { ARGUMENTS, defineTool, limit } from "./tool.ts";

const MOST_TEXT = 300;

/** The columns of a call in a list. read_call has all. */
const COLUMNS = [
  ...["conversation_id", "started_at", "agent_id", "agent_name", "caller", "direction", "channel", "status"],
  ...["call_successful", "failure_reason", "termination_reason", "error_reason", "duration_secs", "turn_count"],
  ...["tool_error_count", "interrupted_count", "rating", "cost_credits", "main_language", "title", "summary"],
];

const sorts = [...SORTS, ...SORTS.map((name) => `-${name}` as const)] as const;

/** Lists the calls that fit a filter. */
export const listCalls = defineTool({
  name: "list_calls",
  title: "List calls",
  description:
    "Lists calls and failed attempts that fit a filter, the latest first, each with its outcome and a short summary. " +
    "Use ask to count, and read_call for what was said.",
  input: z.strictObject({
    from: ARGUMENTS.from,
    to: ARGUMENTS.to,
    agent: ARGUMENTS.agent,
    caller: ARGUMENTS.caller,
    direction: ARGUMENTS.text.optional().describe("inbound or outbound."),
    channel: ARGUMENTS.text.optional().describe("phone, sip, whatsapp, sms, web, …"),
    status: ARGUMENTS.text
      .optional()
      .describe("done, failed, … as ElevenLabs states it, or initiation_failure for an attempt without a call."),
    outcome: ARGUMENTS.text.optional().describe("The verdict of the analysis: success, failure or unknown."),
    min_duration: z.number().min(0).optional().describe("Least length in seconds."),
    max_duration: z.number().min(0).optional().describe("Greatest length in seconds."),
    has_recording: z.boolean().optional().describe("Whether the archive has the recording."),
    failed_criterion: ARGUMENTS.text
      .optional()
      .describe("Only calls that failed this evaluation criterion (criteria_id)."),
    sort: z.enum(sorts).default("-started_at").describe("The order. A leading - is for descending."),
    cursor: ARGUMENTS.cursor,
    limit: limit(20, 100),
  }),
  async answer({ sort, cursor, limit, caller, ...rest }, deps) {
    const filter = { ...rest, caller: caller === undefined ? undefined : deps.mask.callerIn(caller) };
    const show = (row: JsonRow) => {
      const chosen = Object.fromEntries(COLUMNS.map((name) => [name, row[name] ?? null]));
      return shortTexts(deps.mask.json(chosen), MOST_TEXT);
    };
    const read = (limit: number) => callsPage(filter, { sort, cursor, limit }, deps);
    const section = await pageSection("calls", limit, read, show);
    return {
      note: `${section.rows.length} calls. call_successful is the verdict of the analysis.`,
      sections: [section],
    };
  },
});
