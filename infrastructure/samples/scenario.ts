import type { CollectedValue, Criterion } from "./collected.ts";
import type { AgentName, Language } from "./company.ts";
import type { Json } from "./python-json.ts";

export type EvaluationResult = "success" | "failure" | "unknown";

/** An utterance. Its text may contain placeholders such as `{order}`, which each call fills: see `details.ts`. */
export interface Utterance {
  readonly kind: "utterance";
  readonly role: "agent" | "user";
  readonly text: string;
  /** If the caller interrupts the agent: the part of `text` that the agent spoke. */
  readonly heard?: string;
  /** The query to the knowledge base before this reply. */
  readonly retrieved?: string;
  readonly feedback?: "like" | "dislike";
}

/** A tool call and its result: two entries of the transcript. */
export interface ToolUse {
  readonly kind: "tool";
  readonly type: "webhook" | "system";
  readonly name: string;
  readonly params: Json;
  readonly result: Json;
  readonly latencySecs: number;
  readonly error?: { readonly type: string; readonly message: string };
  /** The agent that continues the call after a transfer. */
  readonly nextAgent?: AgentName;
}

export type ScenarioStep = Utterance | ToolUse;

/** The script of one conversation, with the results of its analysis. */
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
  /** The termination reason, if it is not a usual one. */
  readonly ending?: string;
  /** ElevenLabs' error, if the call failed. */
  readonly error?: { readonly code: number; readonly reason: string };
}

/** An utterance of the agent. */
export function agent(text: string, more: Pick<Utterance, "heard" | "retrieved" | "feedback"> = {}): Utterance {
  return { kind: "utterance", role: "agent", text, ...more };
}

/** An utterance of the person. */
export function user(text: string): Utterance {
  return { kind: "utterance", role: "user", text };
}

/** A successful call of one of the company's tools. */
export function tool(name: string, params: Json, result: Json, latencySecs: number): ToolUse {
  return { kind: "tool", type: "webhook", name, params, result, latencySecs };
}

/** A failed call of one of the company's tools. */
export function failingTool(name: string, params: Json, type: string, message: string, latencySecs: number): ToolUse {
  return { ...tool(name, params, `Tool failed: ${message}`, latencySecs), error: { type, message } };
}

/** The system tool by which the agent ends the call. */
export function endCall(reason: string): ToolUse {
  return systemTool("end_call", { reason }, { result_type: "end_call_success", status: "success", reason });
}

/** The system tool that transfers the caller to a person of the company. */
export function transferToPerson(reason: string): ToolUse {
  const transfer_number = "{human_line}";
  const result = { result_type: "transfer_to_number_twilio_success", status: "success", transfer_number, reason };
  return systemTool("transfer_to_number", { transfer_number, reason }, result);
}

/** The system tool that transfers the caller to another agent, which speaks from then on. */
export function transferToAgent(nextAgent: AgentName, reason: string): ToolUse {
  const result = { result_type: "transfer_to_agent_success", status: "success", condition: reason };
  return { ...systemTool("transfer_to_agent", { reason, agent_number: 0 }, result), nextAgent };
}

/** The system tool that switches the conversation to the person's `language`. */
export function switchLanguage(language: Language, reason: string): ToolUse {
  const result = { result_type: "language_detection_success", status: "success", language, reason };
  return systemTool("language_detection", { language, reason }, result);
}

function systemTool(name: string, params: Json, result: Json): ToolUse {
  return { kind: "tool", type: "system", name, params, result, latencySecs: 0 };
}
