import { PACKED_FROM_CALLS } from "../../handlers/compact/days.ts";
import { type CostInput, MONTH_DAYS } from "./cost-input.ts";
import { addedRequests, billedLists, NO_REQUESTS, type RecordingClass, type Requests } from "./counted-archive.ts";
import type { Deployment } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";
import { type Charge, storageCharges } from "./storage.ts";

/** The requests to S3 of a month, by what makes them. */
export function requestsOf(call: MeasuredCall, calls: number, compactorRuns: number, reconcilerRuns: number) {
  const times = (requests: Requests, count: number) => addedRequests(NO_REQUESTS, requests, count);
  const perCall = addedRequests(call.receive.requests, call.process.requests);
  const days = addedRequests(times(call.closeDay, MONTH_DAYS), call.closeCall, calls);
  const hours = times(call.packHour, packedHours(calls));
  return {
    perCall: times(perCall, calls),
    compacting: addedRequests(addedRequests(days, hours), call.idleCompact.requests, compactorRuns),
    reconciling: addedRequests(times(call.reconcile, calls), call.reconcileRun, reconcilerRuns),
  };
}

/** The hours that are packed in a month: all of them, or none if a day has too few calls. */
export function packedHours(calls: number): number {
  return calls / MONTH_DAYS < PACKED_FROM_CALLS ? 0 : 24 * MONTH_DAYS;
}

/** What requests to S3 cost. */
export function requestCharges(requests: Requests, recordingClass: RecordingClass): Charge[] {
  const isDirect = recordingClass === "GLACIER_IR";
  return [
    { price: "put", quantity: requests.puts + billedLists(requests) },
    { price: "get", quantity: requests.gets },
    { price: isDirect ? "putGlacierIr" : "put", quantity: requests.recordingPuts },
    { price: isDirect ? "getGlacierIr" : "get", quantity: requests.recordingGets },
  ];
}

/** What the recordings of all months until `month` cost. A put into another class needs no move. */
export function recordingCharges({ deployment, call }: CostInput, calls: number, month: number): Charge[] {
  const putInto = call.recordingClass;
  const moves = putInto === "STANDARD" ? deployment.moves : [];
  return storageCharges({ monthly: calls, bytes: call.bytes.mp3, putInto, moves }, month);
}

/** What JSON, indexes and rows of all months until `month` cost. */
export function otherStorageCharges(
  { deployment, call, assumptions }: CostInput,
  calls: number,
  month: number,
): Charge[] {
  const { json, index, live, dayWithOneCall } = call.bytes;
  const { moves } = deployment;
  const kinds = [
    { monthly: calls, bytes: json, moves },
    { monthly: calls, bytes: index, moves },
    { monthly: calls, bytes: live, moves: [] },
    { monthly: calls, bytes: assumptions.closedBytes, moves: [] },
    { monthly: MONTH_DAYS, bytes: dayWithOneCall, moves: [] },
  ];
  return kinds.flatMap((kind) => storageCharges(kind, month));
}

/** What S3's access logs cost, of which each month adds `bytes`. */
export function accessLogCharges({ accessLogDays }: Deployment, bytes: number, month: number): Charge[] {
  if (accessLogDays === 0) return [];
  return storageCharges({ monthly: 1, bytes, moves: [], expiresAfterDays: accessLogDays }, month);
}
