import { shardCount } from "../../handlers/compact/shards.ts";
import { PRICES } from "./prices.ts";

/** What one question to Athena costs, in US dollars. */
export interface QuestionCost {
  readonly athena: number;
  readonly lists: number;
  readonly gets: number;
}

/** The days of a question. */
const QUESTION_DAYS = 30;

/** The share of a day that is live on average: today until now, and yesterday until three hours after its end. */
const LIVE_DAYS = 0.5 + 3 / 24;

/** The keys in one answer of S3 to a list. */
const KEYS_PER_LIST = 1_000;

/** Gets of a Parquet object: its footer, and its columns. An assumption. */
const GETS_PER_OBJECT = 2;

/** Bytes that a question about all turns reads for each call: docs/performance.md, find-phrase. */
const CLOSED_BYTES = 560;
const LIVE_BYTES = 2_800;

/** The least that Athena bills for a query (aws.amazon.com/athena/pricing, 2026-11). */
const LEAST_BYTES = 10e6;

/**
 * The cost of a question about `turns` over the last 30 days, at `calls` calls a month.
 *
 * Athena lists each day of a table, on the side that the view reads it from.
 */
export function questionCost(calls: number): QuestionCost {
  const daily = calls / QUESTION_DAYS;
  const live = daily * LIVE_DAYS;
  const lists = QUESTION_DAYS + 2 * Math.ceil(daily / KEYS_PER_LIST);
  const objects = QUESTION_DAYS * shardCount(daily) + live;
  const bytes = Math.max(LEAST_BYTES, calls * CLOSED_BYTES + live * LIVE_BYTES);
  return {
    athena: bytes * PRICES.athenaByte.usd,
    lists: lists * PRICES.put.usd,
    gets: objects * GETS_PER_OBJECT * PRICES.get.usd,
  };
}
