import type { Json } from "./python-json.ts";
import type { Random } from "./random.ts";

/** The latencies of the greeting, which needs speech but no generation. */
export function greetingMetrics(random: Random): Json {
  return metrics(voice(random));
}

/** The latencies of recognising a caller's speech. */
export function hearingMetrics(random: Random): Json {
  return metrics({ convai_asr_trailing_service_latency: random.between(0.06, 0.24) });
}

/** The latencies of a generated entry, and of its speech if `isSpoken`. One in twenty is slow. */
export function generationMetrics(isSpoken: boolean, random: Random): Json {
  const slowness = random.chance(0.05) ? random.between(3, 6) : 1;
  const firstByte = random.between(0.24, 0.62) * slowness;
  const firstSentence = firstByte + random.between(0.04, 0.3);
  return metrics({
    convai_llm_service_ttf_sentence: firstSentence,
    convai_llm_service_ttfb: firstByte,
    convai_llm_service_tt_last_sentence: firstSentence + random.between(0, 0.4),
    ...(isSpoken ? voice(random) : {}),
  });
}

/** The result of `query` in the agent's knowledge base. */
export function retrieval(query: string, random: Random): Json {
  const documents = ["hQ2xkVr7LmT0pWz9Yc4B", "Nf8sGd3JtKb6uXe1Ra5M", "zP5wCy9HvQo2iSj7Ln4E"];
  const chunks = Array.from({ length: random.integer(2, 4) }, () => ({
    document_id: random.pick(documents),
    chunk_id: random.characters(20, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"),
    vector_distance: random.between(0.21, 0.58),
  }));
  return {
    chunks,
    embedding_model: "e5_mistral_7b_instruct",
    retrieval_query: query,
    rag_latency_secs: random.between(0.18, 0.66),
  };
}

function voice(random: Random): Readonly<Record<string, number>> {
  return { convai_tts_service_ttfb: random.between(0.19, 0.52) };
}

function metrics(seconds: Readonly<Record<string, number>>): Json {
  const named = Object.entries(seconds).map(([name, elapsed_time]) => [name, { elapsed_time }] as const);
  return { metrics: Object.fromEntries(named) };
}
