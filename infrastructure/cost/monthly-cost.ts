import type { Assumptions } from "./assumptions.ts";
import { addedRequests, NO_REQUESTS, type Requests, totalRequests } from "./counted-archive.ts";
import type { DeployedFunction, Deployment, FunctionName } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";
import { PRICES, type Price, type PriceName } from "./prices.ts";
import { type Charge, GIGABYTE, storageCharges } from "./storage.ts";

/** What the cost is computed from. */
export interface CostInput {
  readonly deployment: Deployment;
  readonly call: MeasuredCall;
  readonly assumptions: Assumptions;
}

/** One line of a month's cost, with its charges. */
export interface Line {
  readonly name: string;
  readonly charges: readonly Charge[];
}

/** A line in US dollars: at list prices, and after AWS's free tiers. */
export interface PricedLine {
  readonly name: string;
  readonly usd: number;
  readonly usdAfterFreeTiers: number;
}

const MONTH_DAYS = 30;
const MONTH_SECONDS = MONTH_DAYS * 24 * 60 * 60;
const MONTH_HOURS = MONTH_DAYS * 24;

/** The size of `/tmp` that is included in the price. */
const INCLUDED_DISK_MEGABYTES = 512;

/** The largest request that HTTP API and the largest message that SQS bill as one. */
const API_REQUEST_BYTES = 512 * 1024;

/** A message to SQS is sent, received and deleted. */
const REQUESTS_PER_MESSAGE = 3;

/** The lines of month `month`, the first being 1, at `calls` calls in each month. */
export function monthlyLines({ deployment, call, assumptions }: CostInput, calls: number, month: number): Line[] {
  const { functions } = deployment;
  const batches = calls / assumptions.batchCalls;
  const batchSeconds = assumptions.processorSeconds * (1 + assumptions.furtherCallShare * (assumptions.batchCalls - 1));
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
        compactorRuns * assumptions.compactorSeconds + calls * assumptions.closeCallSeconds,
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
    { name: "S3, requests of calls", charges: requestCharges(requests.perCall, assumptions) },
    { name: "S3, closing days", charges: requestCharges(requests.compacting, assumptions) },
    { name: "S3, reconciling", charges: requestCharges(requests.reconciling, assumptions) },
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

/** The lines in US dollars. A free tier is shared by the lines that use it. */
export function pricedLines(lines: readonly Line[]): PricedLine[] {
  const used = new Map<PriceName, number>();
  for (const { price, quantity } of lines.flatMap(({ charges }) => charges))
    used.set(price, (used.get(price) ?? 0) + quantity);
  return lines.map(({ name, charges }) => {
    const billed = (price: PriceName) => Math.max(0, 1 - freeAmount(price) / (used.get(price) || 1));
    return {
      name,
      usd: sumOf(charges, ({ price, quantity }) => quantity * PRICES[price].usd),
      usdAfterFreeTiers: sumOf(charges, ({ price, quantity }) => quantity * PRICES[price].usd * billed(price)),
    };
  });
}

/** A month's sum in US dollars: at list prices, and after the free tiers. */
export function monthlySum(input: CostInput, calls: number, month: number): Omit<PricedLine, "name"> {
  const lines = pricedLines(monthlyLines(input, calls, month));
  return {
    usd: sumOf(lines, ({ usd }) => usd),
    usdAfterFreeTiers: sumOf(lines, ({ usdAfterFreeTiers }) => usdAfterFreeTiers),
  };
}

function freeAmount(name: PriceName): number {
  const price: Price = PRICES[name];
  return price.free?.amount ?? 0;
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function apiRequests({ bytes }: MeasuredCall): number {
  return Math.ceil(bytes.json / API_REQUEST_BYTES);
}

function lambdaCharges(deployed: DeployedFunction, runs: number, seconds: number): Charge[] {
  const disk = Math.max(0, deployed.diskMegabytes - INCLUDED_DISK_MEGABYTES);
  return [
    { price: "lambdaRequest", quantity: runs },
    { price: "lambdaMemory", quantity: (seconds * deployed.memoryMegabytes) / 1024 },
    { price: "lambdaDisk", quantity: (seconds * disk) / 1024 },
  ];
}

/** The runs of a function in a month, also those while there is work. */
function runsOf({ monthlyRuns, monthlyRunsWhileBusy }: DeployedFunction, { busyHours }: Assumptions): number {
  return monthlyRuns + (monthlyRunsWhileBusy * busyHours) / 24;
}

function otherLines({ otherFunctions }: Deployment, { otherSeconds, metricsRead }: Assumptions): Line[] {
  return Object.entries(otherFunctions).map(([name, deployed]) => ({
    name,
    charges: [
      ...lambdaCharges(deployed, deployed.monthlyRuns, deployed.monthlyRuns * otherSeconds),
      { price: "metricRead", quantity: deployed.isMetricReader ? deployed.monthlyRuns * metricsRead : 0 },
    ],
  }));
}

function requestsOf(call: MeasuredCall, calls: number, compactorRuns: number, reconcilerRuns: number) {
  const times = (requests: Requests, count: number) => addedRequests(NO_REQUESTS, requests, count);
  const perCall = addedRequests(call.receive.requests, call.process.requests);
  const days = addedRequests(times(call.closeDay, MONTH_DAYS), call.closeCall, calls);
  return {
    perCall: times(perCall, calls),
    compacting: addedRequests(days, call.idleCompact.requests, compactorRuns),
    reconciling: addedRequests(times(call.reconcile, calls), call.idleReconcile.requests, reconcilerRuns),
  };
}

function requestCharges(requests: Requests, { recordingClass }: Assumptions): Charge[] {
  const isColdest = recordingClass === "GLACIER_IR";
  return [
    { price: "put", quantity: requests.puts + requests.lists },
    { price: "get", quantity: requests.gets },
    { price: isColdest ? "putGlacierIr" : "put", quantity: requests.recordingPuts },
    { price: isColdest ? "getGlacierIr" : "get", quantity: requests.recordingGets },
  ];
}

/** The rule for recordings matches their tag. Without it, they are moved with everything else. */
function recordingCharges({ deployment, call, assumptions }: CostInput, calls: number, month: number): Charge[] {
  const { recordingMoves, otherMoves } = deployment;
  const putInto = assumptions.recordingClass;
  // A put into another class needs no rule, and no tag for one.
  const isDirect = putInto !== "STANDARD";
  const moves = isDirect ? [] : recordingMoves.length > 0 ? recordingMoves : otherMoves;
  const tags = isDirect ? 0 : call.tags;
  return [
    ...storageCharges({ monthly: calls, bytes: call.bytes.mp3, putInto, moves }, month),
    { price: "tag", quantity: calls * tags * month },
  ];
}

function otherStorageCharges({ deployment, call, assumptions }: CostInput, calls: number, month: number): Charge[] {
  const { json, index, live, dayWithOneCall } = call.bytes;
  const moves = deployment.otherMoves;
  const kinds = [
    { monthly: calls, bytes: json, moves },
    { monthly: calls, bytes: index, moves },
    { monthly: calls, bytes: live, moves: [] },
    { monthly: calls, bytes: assumptions.closedBytes, moves: [] },
    { monthly: MONTH_DAYS, bytes: dayWithOneCall, moves: [] },
  ];
  return kinds.flatMap((kind) => storageCharges(kind, month));
}

function accessLogCharges({ accessLogDays }: Deployment, bytes: number, month: number): Charge[] {
  if (accessLogDays === 0) return [];
  return storageCharges({ monthly: 1, bytes, moves: [], expiresAfterDays: accessLogDays }, month);
}

function logCharges({ deployment, call, assumptions }: CostInput, calls: number, month: number): Charge[] {
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
function secretCharges(
  { functions, secrets }: Deployment,
  { secretSeconds, receiverSeconds, processorSeconds }: Assumptions,
  { calls, batches }: { readonly calls: number; readonly batches: number },
): Charge[] {
  const { Receiver, Processor, Reconciler } = functions;
  const reads = (kind: "secrets" | "parameters") =>
    Receiver[kind] * readsOf(calls, receiverSeconds, secretSeconds) +
    Processor[kind] * readsOf(batches, processorSeconds, secretSeconds) +
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
function ownMetrics(call: MeasuredCall, calls: number): number {
  const always = new Set([...call.idleCompact.metrics, ...call.idleReconcile.metrics]);
  const withCalls = new Set([...call.receive.metrics, ...call.process.metrics]);
  return always.size + withCalls.size * shareOfHours(calls);
}

function requestMetrics(
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
