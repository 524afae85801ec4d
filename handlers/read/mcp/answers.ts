import { randomBytes } from "node:crypto";
import { type Log, reasonOf } from "../../clients/observability/log.ts";
import { Problem } from "../problem.ts";
import { callDraft } from "./read-call.ts";
import { type Draft, type Reply, replyOf } from "./reply.ts";
import type { Tool, ToolDeps } from "./tool.ts";

/** The most answers that are prepared at once. */
const MOST_AT_ONCE = 64;

/** An answer, or why there is none, for the model. */
export type Answer = { readonly reply: Reply } | { readonly problem: string };

/** Answers a client of the protocol. */
export interface Answers {
  /** Runs a tool with checked input. Never rejects. */
  call(tool: Tool, input: unknown): Promise<Answer>;
  /** The summary of a call. Never rejects. */
  resource(conversationId: string): Promise<Answer>;
  /** Resolves when no answer is being prepared. */
  idle(): Promise<void>;
}

/** The tools that replace paths of the HTTP API in problems. */
const TOOL_OF_PATH = { "GET /api/v1/calls": "list_calls", "GET /api/v1/questions": "list_questions" };

/** Answers from `deps`. Each answer has its own boundary. Failures of the archive are logged. */
export function answersFrom(deps: ToolDeps, log: Log): Answers {
  const running = new Set<Promise<unknown>>();

  const answerOf = async (name: string, draft: () => Promise<Draft>): Promise<Answer> => {
    try {
      if (running.size >= MOST_AT_ONCE) {
        const detail = `${MOST_AT_ONCE} calls are being answered. Repeat this one when others are answered.`;
        throw new Problem(429, "Too many calls at once", detail);
      }
      const drafting = draft();
      running.add(drafting);
      try {
        return { reply: replyOf(await drafting, deps.mask, randomBytes(16).toString("hex")) };
      } finally {
        running.delete(drafting);
      }
    } catch (error) {
      const problem = error instanceof Problem ? error : unexpected(error);
      if (problem.status >= 500) log({ event: "read failed", tool: name, reason: reasonOf(problem.cause ?? problem) });
      return { problem: deps.mask.text(forModel(`${problem.title}: ${problem.detail}`)) };
    }
  };

  return {
    call: (tool, input) => answerOf(tool.name, () => tool.answer(input, deps)),
    resource: (id) => answerOf("resource", () => callDraft(id, deps)),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function unexpected(error: unknown): Problem {
  const detail = "The archive could not be read; the log of the server has the reason.";
  return new Problem(500, "Unexpected failure", detail, { cause: error });
}

function forModel(text: string): string {
  return Object.entries(TOOL_OF_PATH).reduce((sum, [path, tool]) => sum.replaceAll(path, tool), text);
}
