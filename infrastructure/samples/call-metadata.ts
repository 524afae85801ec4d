import type { Call } from "./call.ts";
import { AGENTS } from "./company.ts";
import type { ConnectionTraces } from "./connection.ts";
import { featuresUsage } from "./features-usage.ts";
import { modelUsage, priceUsd } from "./llm-usage.ts";
import type { Json } from "./python-json.ts";
import type { Scenario } from "./scenario.ts";
import type { Transcript } from "./transcript.ts";

/** ElevenLabs' approximate prices in 2025-11: credits a second of a call, credits a dollar of language model cost. */
const CREDITS_PER_SECOND = 400 / 60;
const CREDITS_PER_LLM_USD = 5000;
const USD_PER_CREDIT = 0.0002;

/** `data.metadata`. Its sums agree with the transcript. */
export function callMetadata(call: Call, { usage }: Transcript, traces: ConnectionTraces): Json {
  const { plan, timeline } = call;
  const { scenario, shape, connection } = plan;
  const { model } = AGENTS[scenario.agent];
  const startedAt = unixSecs(call.startedAt);
  const llmPrice = priceUsd(model, usage.begun);
  const llmCharge = Math.round(llmPrice * CREDITS_PER_LLM_USD);
  const callCharge = Math.round(timeline.durationSecs * CREDITS_PER_SECOND);
  return {
    start_time_unix_secs: startedAt,
    accepted_time_unix_secs: startedAt + (connection.channel === "web" ? 0 : call.random.integer(0, 3)),
    call_duration_secs: timeline.durationSecs,
    cost: callCharge + llmCharge,
    ...(shape === "dated" ? { cost_fiat: llmPrice + callCharge * USD_PER_CREDIT } : {}),
    deletion_settings: KEPT,
    feedback: feedback(scenario),
    authorization_method: connection.channel === "web" ? "signed_url" : "authorization_header",
    charging: {
      dev_discount: false,
      is_burst: false,
      tier: "business",
      llm_usage: {
        irreversible_generation: modelUsage(model, usage.used),
        initiated_generation: modelUsage(model, usage.begun),
      },
      llm_price: llmPrice,
      llm_charge: llmCharge,
      call_charge: callCharge,
      free_minutes_consumed: 0,
      free_llm_dollars_consumed: 0,
    },
    phone_call: traces.phoneCall,
    batch_call: null,
    termination_reason: terminationReason(call),
    error: scenario.error ?? null,
    main_language: scenario.language,
    rag_usage: ragUsage(scenario),
    text_only: scenario.medium === "text",
    features_usage: featuresUsage(scenario, connection.channel === "sip"),
    eleven_assistant: { is_eleven_assistant: false },
    initiator_id: null,
    conversation_initiation_source: traces.source,
    conversation_initiation_source_version: null,
    timezone: null,
    ...(shape === "bare" ? { initiation_trigger: { trigger_type: "default" } } : { sms: traces.sms }),
    async_metadata: null,
    whatsapp: traces.whatsapp,
    agent_created_from: "ui",
    agent_last_updated_from: "api",
  };
}

/** Whole seconds since 1970, the format of every time in these bodies. */
export function unixSecs(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

const KEPT: Json = {
  deletion_time_unix_secs: null,
  deleted_logs_at_time_unix_secs: null,
  deleted_audio_at_time_unix_secs: null,
  deleted_transcript_at_time_unix_secs: null,
  delete_transcript_and_pii: false,
  delete_audio: false,
};

function feedback({ steps, rating }: Scenario): Json {
  const scored = (score: string) => steps.filter((step) => step.kind === "utterance" && step.feedback === score).length;
  return {
    type: rating ? "rating" : null,
    overall_score: null,
    likes: scored("like"),
    dislikes: scored("dislike"),
    rating: rating?.stars ?? null,
    comment: rating?.comment ?? null,
  };
}

function terminationReason({ plan: { scenario, connection } }: Call): string {
  if (scenario.ending) return scenario.ending;
  const last = scenario.steps.at(-1);
  if (last?.kind === "tool") return `${last.name} tool was called.`;
  if (connection.channel === "web") return "Client disconnected: 1000";
  return scenario.medium === "text" ? "Conversation ended after inactivity." : "Call ended by remote party";
}

function ragUsage({ steps }: Scenario): Json {
  const count = steps.filter((step) => step.kind === "utterance" && step.retrieved).length;
  return count === 0 ? null : { usage_count: count, embedding_model: "e5_mistral_7b_instruct" };
}
