import type { Agent } from "./company.ts";
import type { Json } from "./python-json.ts";
import type { Random } from "./random.ts";

/** The tokens of one generation, by ElevenLabs' categories. */
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

/** A context longer than this is read from the provider's cache up to this length. */
const CACHED_PREFIX = 2048;

/** Counts the language model tokens of a conversation, turn by turn. */
export interface TokenMeter {
  /** Adds `text` to the context that the model did not generate. */
  addInput(text: string): void;
  /** Adds a generation of `text`, for which the model reads the whole context. */
  addOutput(text: string): Tokens;
  /** Generations that were spoken. */
  readonly used: readonly Tokens[];
  /** Generations that were begun, including those that an interruption by the caller discarded. */
  readonly begun: readonly Tokens[];
}

/** Returns a meter for one call. Its context begins with `promptTokens` tokens. */
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

/** `{"model_usage": …}` of all these generations; `{"model_usage": {}}` if there are none. */
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

/** The cost of these generations in US dollars. */
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
