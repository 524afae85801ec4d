import { z } from "zod";
import { isUtcDate, utcDate } from "../../../queries/tables/utc-date.ts";
import { daysBefore } from "../range.ts";

/** A review that a person starts in a client. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Readonly<Record<string, z.ZodOptional<z.ZodString> | z.ZodString>>;
  /** The task for the model. */
  readonly text: (given: Readonly<Record<string, string | undefined>>, now: Date) => string;
}

const value = z.string().min(1).max(500);
const AGENT = value.optional().describe("Only calls of the agent with this agent_id");
const day = z.string().refine(isUtcDate, "must be a UTC date as YYYY-MM-DD");
const FROM = day.optional().describe("First UTC day, YYYY-MM-DD; default: 7 days before the last");
const TO = day.optional().describe("Last UTC day, YYYY-MM-DD; default: today");

const END =
  "Name the conversation_id behind each statement, state how many calls you read and how many you did not, and do not guess.";

/** Every prompt. */
export const PROMPTS: readonly Prompt[] = [
  {
    name: "failed_calls",
    title: "Failed calls of a day, and why",
    description: "Groups the failed calls of a day by their cause",
    input: { day: day.optional().describe("UTC day, YYYY-MM-DD; default: yesterday"), agent: AGENT },
    text({ day, agent }, now) {
      const of = day ?? daysBefore(utcDate(now), 1);
      return `Which calls failed on ${of}${ofAgent(agent)}, and why?

1. list_calls with from and to ${of}, first with outcome failure, then with status failed, then with status initiation_failure.
2. ask failing-rationales and tool-failures for the same day, for the criteria and the tools that failed.
3. read_call for the calls whose cause is not clear from that, at most 10.

Group the calls by cause, the most frequent first, with their number, one example, and what would prevent it. ${END}`;
    },
  },
  {
    name: "unanswered_questions",
    title: "What callers asked that went unanswered",
    description: "Collects the questions that the agent could not answer",
    input: { from: FROM, to: TO },
    text: (given, now) => {
      const { from, to } = daysOf(given, now);
      return `What did callers ask from ${from} to ${to} that the agent could not answer?

1. ask unanswered-questions with from ${from} and to ${to}.
2. ask retrieval for the same days, to see how often the agent searched its knowledge base.
3. read_call around the turn of at most 10 of the questions, to see whether the agent answered later.

Group the questions by subject, the most frequent first, and propose for each subject what the knowledge base lacks. ${END}`;
    },
  },
  {
    name: "before_calling_back",
    title: "A caller's history before I call back",
    description: "Sums up one caller's calls for a person who is about to call back",
    input: { caller: value.describe("The caller: a phone number with +, a handle, or the conversation_id of a call") },
    text: ({ caller = "" }) => {
      const argument = /^(\+|number-|caller-|user-|\d+$|anonymous$)/.test(caller) ? "caller" : "conversation_id";
      return `I am about to call a person back. What must I know?

1. read_caller with ${argument} ${JSON.stringify(caller)}.
2. read_call for the latest three calls.

State in at most 10 lines: what the person wants, what was promised and by when, what is still open, what annoyed them, and \
how they like to be addressed. ${END}`;
    },
  },
  {
    name: "interruptions",
    title: "Where callers interrupt",
    description: "Finds the entries of the agent that callers interrupt",
    input: { from: FROM, to: TO, agent: AGENT },
    text: ({ agent, ...days }, now) => {
      const { from, to } = daysOf(days, now);
      return `Where do callers interrupt the agent${ofAgent(agent)} from ${from} to ${to}?

1. ask interruptions with from ${from} and to ${to}, for how often that happens.
2. list_calls for the same days. Choose at most 10 calls with the greatest interrupted_count.
3. read_call with section transcript for these. An interrupted entry ends with [interrupted].

Group the interrupted entries by what the agent was saying, and propose a shorter wording for each group. ${END}`;
    },
  },
];

function daysOf({ from, to }: Readonly<Record<string, string | undefined>>, now: Date) {
  const last = to ?? utcDate(now);
  return { from: from ?? daysBefore(last, 7), to: last };
}

function ofAgent(agent: string | undefined): string {
  return agent === undefined ? "" : ` of the agent ${agent}`;
}
