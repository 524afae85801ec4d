import type { Agent } from "./company.ts";
import type { Json } from "./python-json.ts";
import type { Random } from "./random.ts";

/** Tokens of one generation, as ElevenLabs counts them. */
export interface Tokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** US dollars a token. */
const PRICES: Readonly<Record<Agent["model"], Tokens>> = {
  "gemini-2.5-flash": { input: 1.5e-7, cacheRead: 3.75e-8, output: 6e-7 },
  "gemini-2.0-flash-001": { input: 1e-7, cacheRead: 2.5e-8, output: 4e-7 },
  "gpt-4o-mini": { input: 1.5e-7, cacheRead: 7.5e-8, output: 6e-7 },
};

/** From here on the start of the context is read from the provider's cache. */
const CACHED_PREFIX = 2048;

/** Counts what a conversation costs its language model while it goes on. */
export interface TokenMeter {
  /** Something enters the context without having been generated. */
  addInput(text: string): void;
  /** The model writes `text`, and reads all that came before. */
  addOutput(text: string): Tokens;
  /** Generations that were spoken. */
  readonly used: readonly Tokens[];
  /** All that were begun, those also that the caller's next word made useless. */
  readonly begun: readonly Tokens[];
}

/** A meter for one call, whose first prompt has so many tokens. */
export function tokenMeter(promptTokens: number, random: Random): TokenMeter {
  let context = promptTokens;
  const used: Tokens[] = [];
  const begunAt: Tokens[] = [];
  return {
    used,
    begun: begunAt,
    addInput: (text) => {
      context += tokensIn(text);
    },
    addOutput: (text) => {
      const cacheRead = context > CACHED_PREFIX ? CACHED_PREFIX : 0;
      const tokens = { input: context - cacheRead, cacheRead, output: tokensIn(text) };
      used.push(tokens);
      begunAt.push(tokens);
      if (random.chance(0.3)) begunAt.push({ ...tokens, output: random.integer(1, tokens.output) });
      context += tokens.output;
      return tokens;
    },
  };
}

/** `{"model_usage": …}` of these generations together; `{"model_usage": {}}` when there was none. */
export function modelUsage(model: Agent["model"], generations: readonly Tokens[]): Json {
  if (generations.length === 0) return { model_usage: {} };
  const { input, cacheRead, output } = PRICES[model];
  const total = sum(generations);
  const usage = {
    input: { tokens: total.input, price: total.input * input },
    input_cache_read: { tokens: total.cacheRead, price: total.cacheRead * cacheRead },
    input_cache_write: { tokens: 0, price: 0 },
    output_total: { tokens: total.output, price: total.output * output },
  };
  return { model_usage: { [model]: usage } };
}

/** What these generations cost, in US dollars. */
export function priceUsd(model: Agent["model"], generations: readonly Tokens[]): number {
  const { input, cacheRead, output } = PRICES[model];
  const total = sum(generations);
  return total.input * input + total.cacheRead * cacheRead + total.output * output;
}

function sum(generations: readonly Tokens[]): Tokens {
  const total = (part: keyof Tokens) => generations.reduce((count, tokens) => count + tokens[part], 0);
  return { input: total("input"), cacheRead: total("cacheRead"), output: total("output") };
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}
