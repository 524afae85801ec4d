import type { Step } from "../../../handlers/call/kinds/kind.ts";

/**
 * AWS' prices in us-east-1, in US dollars (aws.amazon.com/s3/pricing, /lambda/pricing and /sqs/pricing, 2026-11;
 * docs/cost.md has the same).
 */
const USD_PER_PUT = 0.005 / 1_000;
const USD_PER_GET = 0.0004 / 1_000;
const USD_PER_INVOCATION = 0.2 / 1e6;
const USD_PER_GB_SECOND = 0.0000133334;
const USD_PER_QUEUE_REQUEST = 0.4 / 1e6;
const USD_PER_GB_MONTH = 0.023;

/** The requests and compute for one object, as docs/cost.md assumes for a call. */
const GETS = 7;
const GB_SECONDS = 1.5;
const QUEUE_REQUESTS = 3;

/** The puts when one object is processed again: its copy, the index twice, and the results of each step. */
const PUTS = 3;
const PUTS_OF_STEP: Readonly<Record<Step, number>> = { audio: 1, rows: 7, memory: 0 };

/** A call has two memories, which are added one by one. */
const MEMORIES_PER_OBJECT = 2;

/** The price of a reprocessing on AWS, at list prices. */
export interface ReprocessPrice {
  /** Once, for requests to S3 and SQS, and for the functions. */
  readonly usd: number;
  /** Per month in which the bucket keeps the versions that the copies replace. */
  readonly usdPerMonth: number;
  /** The most memories that are added. The memory service charges by plan. */
  readonly memoryAdds: number;
}

/**
 * Returns the price of repeating `steps` for `objects` with `bytes` in total. An upper bound: most need fewer requests.
 */
export function reprocessPrice(objects: number, bytes: number, steps: readonly Step[]): ReprocessPrice {
  const puts = steps.reduce((sum, step) => sum + PUTS_OF_STEP[step], PUTS);
  const usdPerObject =
    puts * USD_PER_PUT +
    // One more get for the metadata of the copy.
    (GETS + 1) * USD_PER_GET +
    USD_PER_INVOCATION +
    GB_SECONDS * USD_PER_GB_SECOND +
    QUEUE_REQUESTS * USD_PER_QUEUE_REQUEST;
  return {
    usd: objects * usdPerObject,
    usdPerMonth: (bytes / 1e9) * USD_PER_GB_MONTH,
    memoryAdds: steps.includes("memory") ? objects * MEMORIES_PER_OBJECT : 0,
  };
}
