import type { Assumptions } from "./assumptions.ts";
import { type CostInput, MONTH_DAYS, MONTH_HOURS, MONTH_SECONDS } from "./cost-input.ts";
import type { DeployedFunction, Deployment } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";
import type { Line } from "./priced-lines.ts";
import { type Charge, GIGABYTE } from "./storage.ts";

/** The size of `/tmp` that is included in the price. */
const INCLUDED_DISK_MEGABYTES = 512;

/** What runs of a function cost that take `seconds` together. */
export function lambdaCharges(deployed: DeployedFunction, runs: number, seconds: number): Charge[] {
  const disk = Math.max(0, deployed.diskMegabytes - INCLUDED_DISK_MEGABYTES);
  return [
    { price: "lambdaRequest", quantity: runs },
    { price: "lambdaMemory", quantity: (seconds * deployed.memoryMegabytes) / 1024 },
    { price: "lambdaDisk", quantity: (seconds * disk) / 1024 },
  ];
}

/** The memory with which a function has a whole vCPU (docs.aws.amazon.com, Configure Lambda function memory, 2026-11). */
const VCPU_MEGABYTES = 1_769;

/** Seconds of processing a call. With less memory a function has less of a vCPU. */
export function processorSeconds(
  { functions }: Deployment,
  { processorWaitSeconds, processorCpuSeconds }: Assumptions,
): number {
  return processorWaitSeconds + (processorCpuSeconds * VCPU_MEGABYTES) / functions.Processor.memoryMegabytes;
}

/** The runs of a function in a month, also those while there is work. */
export function runsOf({ monthlyRuns, monthlyRunsWhileBusy }: DeployedFunction, { busyHours }: Assumptions): number {
  return monthlyRuns + (monthlyRunsWhileBusy * busyHours) / 24;
}

/** A line for each other function with a schedule. */
export function otherLines({ otherFunctions }: Deployment, { otherSeconds, metricsRead }: Assumptions): Line[] {
  return Object.entries(otherFunctions).map(([name, deployed]) => ({
    name,
    charges: [
      ...lambdaCharges(deployed, deployed.monthlyRuns, deployed.monthlyRuns * otherSeconds),
      { price: "metricRead", quantity: deployed.isMetricReader ? deployed.monthlyRuns * metricsRead : 0 },
    ],
  }));
}

/** What log lines cost to store, and to keep until month `month`. */
export function logCharges({ deployment, call, assumptions }: CostInput, calls: number, month: number): Charge[] {
  const { Compactor, Reconciler } = deployment.functions;
  const perCall = call.receive.logBytes + call.process.logBytes + assumptions.apiLogLineBytes;
  const scheduled =
    runsOf(Compactor, assumptions) * call.idleCompact.logBytes + Reconciler.monthlyRuns * call.idleReconcile.logBytes;
  const gigabytes = (calls * perCall + scheduled) / GIGABYTE;
  const monthsKept = Math.min(month, deployment.logDays / MONTH_DAYS);
  return [
    { price: "logIngestion", quantity: gigabytes },
    { price: "logStorage", quantity: gigabytes * monthsKept },
  ];
}

/** Each running function reads a secret once in `secretSeconds`, and at most once in each invocation. */
export function secretCharges(
  deployment: Deployment,
  assumptions: Assumptions,
  { calls, batches }: { readonly calls: number; readonly batches: number },
): Charge[] {
  const { functions, secrets } = deployment;
  const { secretSeconds, receiverSeconds } = assumptions;
  const { Receiver, Processor, Reconciler } = functions;
  const reads = (kind: "secrets" | "parameters") =>
    Receiver[kind] * readsOf(calls, receiverSeconds, secretSeconds) +
    Processor[kind] * readsOf(batches, processorSeconds(deployment, assumptions), secretSeconds) +
    Reconciler[kind] * Reconciler.monthlyRuns;
  return [
    { price: "secret", quantity: secrets },
    { price: "secretRead", quantity: reads("secrets") },
    { price: "kmsRequest", quantity: reads("parameters") },
  ];
}

function readsOf(invocations: number, seconds: number, secretSeconds: number): number {
  const environments = Math.max(1, Math.ceil((invocations * seconds) / MONTH_SECONDS));
  return Math.min(invocations, (environments * MONTH_SECONDS) / secretSeconds);
}

/** Metrics of ours, each weighted by the share of hours in which it is sent. */
export function ownMetrics(call: MeasuredCall, calls: number): number {
  const always = new Set([...call.idleCompact.metrics, ...call.idleReconcile.metrics]);
  const withCalls = new Set([...call.receive.metrics, ...call.process.metrics]);
  return always.size + withCalls.size * shareOfHours(calls);
}

/** Metrics of S3's requests, weighted in the same way. */
export function requestMetrics(
  { requestMetricFilters }: Deployment,
  { requestMetricsOfReads, requestMetricsOfPuts }: Assumptions,
  calls: number,
): number {
  return requestMetricFilters * (requestMetricsOfReads + requestMetricsOfPuts * shareOfHours(calls));
}

/** The share of hours with a call, if calls come at random. */
function shareOfHours(calls: number): number {
  return 1 - Math.exp(-calls / MONTH_HOURS);
}
