import type { Context } from "aws-lambda";
import type { LeaseOptions } from "../lease.ts";

/** How many seconds a lease outlasts its invocation. */
const MARGIN_SECONDS = 30;

/** The lease options of an invocation. Its leases outlast it, so no other takes over while it may still run. */
export function invocationLeaseOptions(
  context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
): LeaseOptions {
  const seconds = Math.ceil(context.getRemainingTimeInMillis() / 1000) + MARGIN_SECONDS;
  return { holder: context.awsRequestId, seconds, isExclusive: false };
}
