import { z } from "zod";
import type { ReadDeps } from "../read-deps.ts";
import type { NumberMask } from "./number-mask.ts";
import type { Draft } from "./reply.ts";

/** What the tools read, and how they mask it. */
export type ToolDeps = ReadDeps & { readonly mask: NumberMask };

/** Something that a model can ask the archive. It only reads. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model: what the answer is, and when to use it. */
  readonly description: string;
  readonly input: z.ZodObject;
  /** @throws {Problem} if it cannot be answered. */
  readonly answer: (input: unknown, deps: ToolDeps) => Promise<Draft>;
}

/** A tool whose `answer` gets its checked input. */
export function defineTool<Input extends z.ZodObject>(
  tool: Omit<Tool, "input" | "answer"> & {
    readonly input: Input;
    readonly answer: (input: z.output<Input>, deps: ToolDeps) => Promise<Draft>;
  },
): Tool {
  return { ...tool, answer: async (input, deps) => tool.answer(tool.input.parse(input), deps) };
}

/** A text in an argument. Athena accepts values of up to 1,024 characters. */
const short = z.string().min(1).max(500);
const day = z.string().max(30);

/** Arguments that mean the same in every tool. */
export const ARGUMENTS = {
  from: day.optional().describe("First UTC day of the calls, YYYY-MM-DD. Default: 30 days before the last day."),
  to: day.optional().describe("Last UTC day of the calls, YYYY-MM-DD. Default: today."),
  agent: short.optional().describe("Only calls of the agent with this agent_id."),
  caller: short
    .optional()
    .describe(
      "A person: the caller of another answer (also a handle such as number-0101-bcdfghjkmn), or a phone number with +.",
    ),
  conversation_id: short.optional().describe("The conversation_id of a call."),
  cursor: z.string().min(1).max(4_000).optional().describe("The cursor of the answer before, for the next page."),
  fromRow: z.int().min(0).default(0).describe("Position of the first row, counted from 0."),
  text: short,
};

/** How many rows an answer has. */
export function limit(otherwise: number, most: number) {
  return z.int().min(1).max(most).default(otherwise).describe(`The most rows of the answer, 1 to ${most}.`);
}
