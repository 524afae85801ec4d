import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { addedRequests, NO_REQUESTS, type RecordingClass, type Requests } from "./counted-archive.ts";
import { countedFunctions, type Work } from "./counted-functions.ts";
import { type TypicalCall, typicalCalls } from "./typical-call.ts";

/** What a call needs during its life, and what the scheduled functions need without calls. */
export interface MeasuredCall {
  readonly receive: Work;
  readonly process: Work;
  /** A run of the reconciler without calls. */
  readonly idleReconcile: Work;
  /** A run of the reconciler with calls on each day that it looks at, besides what each call adds. */
  readonly reconcileRun: Requests;
  /** What a call adds to all runs of the reconciler together. The lists of its day are part of `reconcileRun`. */
  readonly reconcile: Requests;
  /** A run of the compactor that finds nothing to do. */
  readonly idleCompact: Work;
  /** What a day with calls adds to the run that closes it. */
  readonly closeDay: Requests;
  /** What a call adds to that run. */
  readonly closeCall: Requests;
  /** What an hour with calls adds to the run that packs it. Its calls are not read again when its day is closed. */
  readonly packHour: Requests;
  /** Messages to the queue. */
  readonly messages: number;
  /** The class into which its recording is put. */
  readonly recordingClass: RecordingClass;
  readonly bytes: {
    readonly json: number;
    readonly index: number;
    readonly mp3: number;
    readonly live: number;
    /** The parts of a day with one call: little more than their footers. */
    readonly dayWithOneCall: number;
  };
}

const HOUR_MS = 60 * 60 * 1000;

/** Longer than the reconciler looks back. */
const RECONCILED_HOURS = 180;

/**
 * Measures a typical call by running the deployed handlers on archives that count requests. Uses no network.
 *
 * `newArchive` returns an empty archive. Two archives of different kinds give the same numbers. `reconcileBackHours` is
 * the setting of the deployment.
 */
export async function measureCall(newArchive: () => Archive, reconcileBackHours: number): Promise<MeasuredCall> {
  const [first, ...others] = typicalCalls(["01T10", "02T10", "02T11"].map((at) => new Date(`2026-11-${at}:00:00Z`)));
  if (!first) throw new Error("there is no typical call");
  const world = countedFunctions(newArchive(), newArchive(), [first, ...others], reconcileBackHours);
  const at = (hour: string) => new Date(`2026-11-${hour}:30:00Z`);

  const idleReconcile = await world.reconcile(at("01T09"));
  const receive = await world.receive(first);
  const process = await world.process(first);
  let reconcile = NO_REQUESTS;
  for (let hour = 1; hour <= RECONCILED_HOURS; hour += 1) {
    const { requests } = await world.reconcile(new Date(first.endedAt.getTime() + hour * HOUR_MS));
    reconcile = addedRequests(addedRequests(reconcile, requests), idleReconcile.requests, -1);
  }
  reconcile = { ...reconcile, lists: 0 };

  await world.compact(at("01T09"));
  const idleCompact = await world.compact(at("01T23"));
  const closeOne = await world.compact(at("02T09"));
  const bytes = await world.bytesOf(first);
  for (const call of others) {
    await world.receive(call);
    await world.process(call);
  }
  // No call is in the last run that includes it, so that only the days are listed.
  const twoDays = await world.reconcile(at("02T11"));
  const reconcileRun = { ...twoDays.requests, listedKeys: 0 };
  const closeTwo = await world.compact(at("03T09"));
  const closeCall = addedRequests(closeTwo.requests, closeOne.requests, -1);
  const closeDay = [closeCall, idleCompact.requests].reduce(
    (left, other) => addedRequests(left, other, -1),
    closeOne.requests,
  );
  const packHour = addedRequests(
    await packOneCall(newArchive, first),
    addedRequests(closeCall, idleCompact.requests),
    -1,
  );
  const messages = world.messages / (1 + others.length);
  const { recordingClass } = world.counts;
  const reconciling = { idleReconcile, reconcileRun, reconcile };
  return {
    receive,
    process,
    ...reconciling,
    idleCompact,
    closeDay,
    closeCall,
    packHour,
    messages,
    recordingClass,
    bytes,
  };
}

/** The requests of a run that packs an hour with one call. */
async function packOneCall(newArchive: () => Archive, call: TypicalCall): Promise<Requests> {
  const world = countedFunctions(newArchive(), newArchive(), [call], 0, 1);
  await world.receive(call);
  await world.process(call);
  const hoursLater = (hours: number) => new Date(call.endedAt.getTime() + hours * HOUR_MS);
  await world.compact(call.startedAt);
  const { requests } = await world.compact(hoursLater(2));
  return requests;
}
