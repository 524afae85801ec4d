import type { Context } from "aws-lambda";
import type { LeaseOptions } from "../lease.ts";

/** How much longer than an invocation may last its leases hold, in seconds. */
const MARGIN_SECONDS = 30;

/** How an invocation of a function takes leases: nobody takes over while it may still be at work. */
export function invocationLeasing(context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">): LeaseOptions {
  const seconds = Math.ceil(context.getRemainingTimeInMillis() / 1000) + MARGIN_SECONDS;
  return { holder: context.awsRequestId, seconds, isExclusive: false };
}
