import { ask } from "./ask.ts";
import { listCalls } from "./list-calls.ts";
import { listQuestions } from "./list-questions.ts";
import { readCall } from "./read-call.ts";
import { readCaller } from "./read-caller.ts";
import { searchCalls } from "./search-calls.ts";
import type { Tool } from "./tool.ts";

/** Every tool, in the order in which a model usually needs them. */
export const TOOLS: readonly Tool[] = [listQuestions, ask, listCalls, searchCalls, readCall, readCaller];
