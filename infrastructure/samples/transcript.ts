import type { Call } from "./call.ts";
import { AGENTS, type AgentName } from "./company.ts";
import { filled } from "./details.ts";
import { modelUsage, type TokenMeter, tokenMeter } from "./llm-usage.ts";
import type { Json } from "./python-json.ts";
import type { ToolUse, Utterance } from "./scenario.ts";
import type { Moment } from "./timeline.ts";
import { toolEntries } from "./tool-turns.ts";
import { generationMetrics, greetingMetrics, hearingMetrics, retrieval } from "./turn-metrics.ts";

export interface Transcript {
  readonly turns: readonly Json[];
  readonly usage: Pick<TokenMeter, "used" | "begun">;
}

/** The state on which a turn depends besides its step. */
interface TranscriptContext {
  readonly call: Call;
  readonly meter: TokenMeter;
  /** The agent that speaks now. */
  speaker: AgentName;
}

/** The entries of a call's transcript, one for each utterance and two for each tool, and their token usage. */
export function transcript(call: Call): Transcript {
  const speaker = call.plan.scenario.agent;
  const context: TranscriptContext = { call, speaker, meter: tokenMeter(AGENTS[speaker].promptTokens, call.random) };
  const turns = call.timeline.moments.flatMap((moment): Json[] => {
    const { step } = moment;
    if (step.kind === "tool") return toolTurns(step, moment, context);
    return [step.role === "user" ? userTurn(step, moment, context) : agentTurn(step, moment, context)];
  });
  return { turns, usage: context.meter };
}

function toolTurns(use: ToolUse, { startsAt, endsAt }: Moment, context: TranscriptContext): Json[] {
  const { call, meter, speaker } = context;
  const entries = toolEntries(use, endsAt - startsAt, call);
  const agent_metadata = agentMetadata(speaker);
  const callTurn = turn("agent", startsAt, {
    agent_metadata,
    tool_calls: [entries.call],
    conversation_turn_metrics: generationMetrics(false, call.random),
    llm_usage: modelUsage(AGENTS[speaker].model, [meter.addOutput(entries.written)]),
  });
  meter.addInput(entries.answer);
  context.speaker = use.nextAgent ?? speaker;
  return [callTurn, turn("agent", endsAt, { agent_metadata, tool_results: [entries.result] })];
}

function userTurn({ text }: Utterance, { startsAt }: Moment, { call, meter }: TranscriptContext): Json {
  const isSpoken = call.plan.scenario.medium === "voice";
  const message = filled(text, call.details);
  meter.addInput(message);
  return turn("user", startsAt, {
    message,
    conversation_turn_metrics: isSpoken ? hearingMetrics(call.random) : null,
    source_medium: isSpoken ? "audio" : "text",
  });
}

/** An entry of the agent. Its greeting, which begins a call, is fixed text. All others are generated. */
function agentTurn(said: Utterance, { startsAt, endsAt }: Moment, { call, meter, speaker }: TranscriptContext): Json {
  const { random, details, plan } = call;
  const isSpoken = plan.scenario.medium === "voice";
  const meant = filled(said.text, details);
  const isInterrupted = said.heard !== undefined;
  const generated =
    startsAt === 0
      ? { conversation_turn_metrics: isSpoken ? greetingMetrics(random) : null }
      : {
          conversation_turn_metrics: generationMetrics(isSpoken, random),
          rag_retrieval_info: said.retrieved ? retrieval(filled(said.retrieved, details), random) : null,
          llm_usage: modelUsage(AGENTS[speaker].model, [meter.addOutput(meant)]),
        };
  return turn("agent", startsAt, {
    agent_metadata: agentMetadata(speaker),
    message: said.heard === undefined ? meant : `${filled(said.heard, details)}...`,
    feedback: said.feedback ? { score: said.feedback, time_in_call_secs: Math.floor(endsAt) } : null,
    ...generated,
    interrupted: isInterrupted,
    original_message: isInterrupted ? meant : null,
  });
}

function agentMetadata(speaker: AgentName): Json {
  const { id, branchId } = AGENTS[speaker];
  return { agent_id: id, branch_id: branchId, workflow_node_id: null };
}

/** An entry with all keys of real deliveries, in their order. */
function turn(role: "agent" | "user", atSecs: number, rest: { readonly [key: string]: Json }): Json {
  return {
    role,
    agent_metadata: null,
    message: null,
    multivoice_message: null,
    tool_calls: [],
    tool_results: [],
    feedback: null,
    llm_override: null,
    time_in_call_secs: Math.floor(atSecs),
    conversation_turn_metrics: null,
    rag_retrieval_info: null,
    llm_usage: null,
    interrupted: false,
    original_message: null,
    source_medium: null,
    ...rest,
  };
}
