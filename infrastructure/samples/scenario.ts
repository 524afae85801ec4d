import type { CollectedValue, Criterion } from "./collected.ts";
import type { AgentName, Language } from "./company.ts";
import type { Json } from "./python-json.ts";

export type EvaluationResult = "success" | "failure" | "unknown";

/** Something said. Texts hold placeholders, `{order}`, that each call fills in its own way: see `details.ts`. */
export interface Utterance {
  readonly kind: "utterance";
  readonly role: "agent" | "user";
  readonly text: string;
  /** How far the agent came before the caller broke in; the whole text is then what it meant to say. */
  readonly heard?: string;
  /** What the agent looked up in its knowledge base before it answered. */
  readonly retrieved?: string;
  readonly feedback?: "like" | "dislike";
}

/** A tool called, and what came of it: two entries of the transcript. */
export interface ToolUse {
  readonly kind: "tool";
  readonly type: "webhook" | "system";
  readonly name: string;
  readonly params: Json;
  readonly result: Json;
  readonly latencySecs: number;
  readonly error?: { readonly type: string; readonly message: string };
  /** The agent that goes on from here. */
  readonly handsOverTo?: AgentName;
}

export type ScenarioStep = Utterance | ToolUse;

/** One conversation as a script, with what the analysis will say about it. */
export interface Scenario {
  readonly title: string;
  readonly language: Language;
  readonly agent: AgentName;
  readonly medium: "voice" | "text";
  readonly steps: readonly ScenarioStep[];
  readonly summary: string;
  readonly successful: EvaluationResult;
  /** The analysis' score of the call, 0 to 100. */
  readonly score?: number;
  readonly evaluations?: Partial<Record<Criterion, readonly [EvaluationResult, rationale: string]>>;
  readonly collected?: Partial<Record<CollectedValue, readonly [value: Json, rationale: string]>>;
  readonly rating?: { readonly stars: number; readonly comment: string | null };
  /** Why the call ended, where it was not simply hung up. */
  readonly ending?: string;
  /** ElevenLabs' report, if the call broke. */
  readonly error?: { readonly code: number; readonly reason: string };
}

/** What the agent says. */
export function agent(text: string, more: Pick<Utterance, "heard" | "retrieved" | "feedback"> = {}): Utterance {
  return { kind: "utterance", role: "agent", text, ...more };
}

/** What the person says. */
export function user(text: string): Utterance {
  return { kind: "utterance", role: "user", text };
}

/** A tool of the company's that answers. */
export function tool(name: string, params: Json, result: Json, latencySecs: number): ToolUse {
  return { kind: "tool", type: "webhook", name, params, result, latencySecs };
}

/** A tool of the company's that fails. */
export function failingTool(name: string, params: Json, type: string, message: string, latencySecs: number): ToolUse {
  return { ...tool(name, params, `Tool failed: ${message}`, latencySecs), error: { type, message } };
}

/** The agent hangs up. */
export function endCall(reason: string): ToolUse {
  return systemTool("end_call", { reason }, { result_type: "end_call_success", status: "success", reason });
}

/** The caller is put through to a person of the company. */
export function transferToPerson(reason: string): ToolUse {
  const transfer_number = "{human_line}";
  const result = { result_type: "transfer_to_number_twilio_success", status: "success", transfer_number, reason };
  return systemTool("transfer_to_number", { transfer_number, reason }, result);
}

/** The caller is put through to another agent, which says whatever comes next. */
export function transferToAgent(handsOverTo: AgentName, reason: string): ToolUse {
  const result = { result_type: "transfer_to_agent_success", status: "success", condition: reason };
  return { ...systemTool("transfer_to_agent", { reason, agent_number: 0 }, result), handsOverTo };
}

/** The agent noticed that the person speaks `language`. */
export function switchLanguage(language: Language, reason: string): ToolUse {
  const result = { result_type: "language_detection_success", status: "success", language, reason };
  return systemTool("language_detection", { language, reason }, result);
}

function systemTool(name: string, params: Json, result: Json): ToolUse {
  return { kind: "tool", type: "system", name, params, result, latencySecs: 0 };
}
