import type { CostInput } from "./cost-input.ts";
import { addedRequests, totalRequests } from "./counted-archive.ts";
import type { FunctionName } from "./deployment.ts";
import {
  lambdaCharges,
  logCharges,
  otherLines,
  ownMetrics,
  processorSeconds,
  requestMetrics,
  runsOf,
  secretCharges,
} from "./function-charges.ts";
import type { MeasuredCall } from "./measured-call.ts";
import { type Line, type PricedLine, pricedLines, sumOf } from "./priced-lines.ts";
import {
  accessLogCharges,
  otherStorageCharges,
  packedHours,
  recordingCharges,
  requestCharges,
  requestsOf,
} from "./s3-charges.ts";

/** The largest request that HTTP API bills as one. */
const API_REQUEST_BYTES = 512 * 1024;

/** A message to SQS is sent, received and deleted. */
const REQUESTS_PER_MESSAGE = 3;

/** The lines of month `month`, the first being 1, at `calls` calls in each month. */
export function monthlyLines({ deployment, call, assumptions }: CostInput, calls: number, month: number): Line[] {
  const { functions } = deployment;
  const batches = calls / assumptions.batchCalls;
  const callSeconds = processorSeconds(deployment, assumptions);
  const batchSeconds = callSeconds * (1 + assumptions.furtherCallShare * (assumptions.batchCalls - 1));
  const reconcileSeconds = (totalRequests(call.reconcile) * assumptions.requestSeconds) / assumptions.reconciledAtOnce;
  const compactorRuns = runsOf(functions.Compactor, assumptions);
  const reconcilerRuns = functions.Reconciler.monthlyRuns;
  const requests = requestsOf(call, calls, compactorRuns, reconcilerRuns);
  const all = addedRequests(addedRequests(requests.perCall, requests.compacting), requests.reconciling);
  const lambda = (name: FunctionName, runs: number, seconds: number) => lambdaCharges(functions[name], runs, seconds);
  return [
    { name: "HTTP API", charges: [{ price: "apiRequest", quantity: calls * apiRequests(call) }] },
    { name: "Receiver", charges: lambda("Receiver", calls, calls * assumptions.receiverSeconds) },
    { name: "Processor", charges: lambda("Processor", batches, batches * batchSeconds) },
    {
      name: "SQS, messages",
      charges: [{ price: "sqsRequest", quantity: calls * call.messages * REQUESTS_PER_MESSAGE }],
    },
    { name: "SQS, empty polls", charges: [{ price: "sqsRequest", quantity: assumptions.emptyPolls }] },
    {
      name: "Compactor",
      charges: lambda(
        "Compactor",
        compactorRuns,
        compactorRuns * assumptions.compactorSeconds +
          calls * assumptions.closeCallSeconds +
          packedHours(calls) * assumptions.packHourSeconds,
      ),
    },
    {
      name: "Reconciler",
      charges: lambda(
        "Reconciler",
        reconcilerRuns,
        reconcilerRuns * assumptions.reconcilerSeconds + calls * reconcileSeconds,
      ),
    },
    ...otherLines(deployment, assumptions),
    { name: "S3, requests of calls", charges: requestCharges(requests.perCall, call.recordingClass) },
    { name: "S3, closing days", charges: requestCharges(requests.compacting, call.recordingClass) },
    { name: "S3, reconciling", charges: requestCharges(requests.reconciling, call.recordingClass) },
    { name: "S3, recordings", charges: recordingCharges({ deployment, call, assumptions }, calls, month) },
    { name: "S3, JSON and rows", charges: otherStorageCharges({ deployment, call, assumptions }, calls, month) },
    {
      name: "S3, access logs",
      charges: accessLogCharges(deployment, totalRequests(all) * assumptions.accessLogLineBytes, month),
    },
    { name: "Logs", charges: logCharges({ deployment, call, assumptions }, calls, month) },
    { name: "Secrets", charges: secretCharges(deployment, assumptions, { calls, batches }) },
    { name: "Metrics of ours", charges: [{ price: "customMetric", quantity: ownMetrics(call, calls) }] },
    {
      name: "Metrics of S3's requests",
      charges: [{ price: "customMetric", quantity: requestMetrics(deployment, assumptions, calls) }],
    },
    { name: "Alarms", charges: [{ price: "alarmMetric", quantity: deployment.alarmMetrics }] },
    { name: "Dashboard", charges: [{ price: "dashboard", quantity: deployment.dashboards }] },
  ];
}

/** A month's sum in US dollars: at list prices, and after the free tiers. */
export function monthlySum(input: CostInput, calls: number, month: number): Omit<PricedLine, "name"> {
  const lines = pricedLines(monthlyLines(input, calls, month));
  return {
    usd: sumOf(lines, ({ usd }) => usd),
    usdAfterFreeTiers: sumOf(lines, ({ usdAfterFreeTiers }) => usdAfterFreeTiers),
  };
}

function apiRequests({ bytes }: MeasuredCall): number {
  return Math.ceil(bytes.json / API_REQUEST_BYTES);
}
