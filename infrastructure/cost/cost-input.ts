import type { Assumptions } from "./assumptions.ts";
import type { Deployment } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";

/** What the cost is computed from. */
export interface CostInput {
  readonly deployment: Deployment;
  readonly call: MeasuredCall;
  readonly assumptions: Assumptions;
}

/** The month of every computation. */
export const MONTH_DAYS = 30;
export const MONTH_HOURS = MONTH_DAYS * 24;
export const MONTH_SECONDS = MONTH_HOURS * 60 * 60;
