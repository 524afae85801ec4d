import { sha256Once } from "../call/digest.ts";
import { parsedKey, type RawKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import type { LeaseOptions } from "../clients/lease.ts";
import { messageOf, reasonOf } from "../clients/observability/log.ts";
import { type ConversationIndex, type ObjectRecord, readIndex } from "./conversation-index.ts";
import { expectedEvent } from "./expected-event.ts";
import { fieldsOnRecord } from "./fields-on-record.ts";
import { releaseLease, takeLease } from "./lease.ts";
import { isDone, recordOf, remainingSteps, waitsUntil } from "./object-record.ts";
import { planFor } from "./plan.ts";
import type { Plan, Stores, Task, Written } from "./task.ts";
import { isLeftDeleted } from "./undeletion.ts";
import { Unprocessable } from "./unprocessable.ts";

/** The dependencies of `processObject`. */
export interface ProcessDeps extends Stores {
  readonly leaseOptions: LeaseOptions;
  /** True to request a recording also before its next time: for a caller that keeps its own schedule. */
  readonly fetchesEarly?: boolean;
}

/**
 * The outcome of processing an object. `duplicate`: it was processed before. `ignored`: its key is not one to process.
 * `gone`: it no longer exists. `deleted`: its conversation was deleted on purpose, and stays deleted. `lagSeconds`: the
 * time since its receipt; `null` if it is not a delivery, or if only its recording was requested again. `retryAt`: when
 * to process it again, because its recording may exist by then.
 */
export type Outcome =
  | (StepsDone & {
      readonly outcome: "processed";
      readonly conversation: string;
      readonly lagSeconds: number | null;
      readonly retryAt?: Date;
    })
  | { readonly outcome: "duplicate"; readonly retryAt?: Date }
  | { readonly outcome: "ignored" | "gone" | "deleted" };

/** The steps that a run did, and how much it wrote. */
export interface StepsDone {
  readonly steps: readonly Step[];
  readonly written: Written;
}

/** Some steps failed. The others are done and on record: a retry does only the failed ones. */
export class StepsFailed extends AggregateError {
  override readonly name = "StepsFailed";
  /** True if no retry on the same bytes can help. */
  readonly isFinal: boolean;
  readonly failed: readonly Step[];
  readonly done: StepsDone;

  constructor(failures: readonly { readonly step: Step; readonly error: unknown }[], done: StepsDone) {
    const reasons = failures.map(({ step, error }) => `${step}: ${messageOf(error)}`);
    super(
      failures.map(({ error }) => error),
      reasons.join("; "),
    );
    this.isFinal = failures.every(({ error }) => error instanceof Unprocessable);
    this.failed = failures.map(({ step }) => step);
    this.done = done;
  }
}

/** Whether no retry on the same bytes can help. */
export function isFinal(error: unknown): boolean {
  return error instanceof Unprocessable || (error instanceof StepsFailed && error.isFinal);
}

/** The object was replaced while it was processed. A retry processes the new one. */
export class ObjectChanged extends Error {
  override readonly name = "ObjectChanged";
}

/**
 * Processes the object that is at `key` now: writes the index, the recording, the rows, the memories and the index.
 *
 * May run any number of times, late, or for an object that changed: the key determines the place of every output, which
 * replaces that of an earlier run. If one step fails, the others are done. If ElevenLabs has no recording yet, the
 * audio step stays open, and that is not a failure.
 *
 * @throws Unprocessable if the event in the object does not match its key.
 * @throws LeaseHeld if another processor holds the lease of the conversation.
 * @throws StepsFailed, ObjectChanged: see there. A retry can help after each of them except `Unprocessable`.
 */
export async function processObject(key: string, deps: ProcessDeps): Promise<Outcome> {
  const name = parsedKey(key);
  if (!name) return { outcome: "ignored" };
  const object = await deps.archive.get(key);
  if (!object) return { outcome: "gone" };

  const found = await readIndex(deps.archive, name.conversation);
  if (isLeftDeleted(object, found.index)) return { outcome: "deleted" };
  const task = taskFor(name, object, found.index, deps.leaseOptions);
  if (isDone(object, task.record.sha256, task.remaining, found.index.objects[key])) return { outcome: "duplicate" };
  const waiting = waitsUntil(object, task.remaining, found.index);
  if (waiting && waiting > deps.now() && !deps.fetchesEarly) return { outcome: "duplicate", retryAt: waiting };

  const plan = planFor(task, found.index, deps);
  const objects = { ...found.index.objects, [key]: task.record };
  // An upload by a person restores a deleted conversation.
  const intended = { ...found.index, ...plan.intent, objects, deleted: undefined };
  const leased = await takeLease(deps.archive, found, intended, deps.leaseOptions, deps.now());
  const { change, done, failures, later } = await runSteps(plan, task.remaining);

  const record = { ...task.record, done: [...task.record.done, ...done.steps], failed: reasonsOf(failures) };
  await releaseLease(deps.archive, leased, key, record, change);
  const now = await deps.archive.head(key);
  if (now?.etag !== object.etag) throw new ObjectChanged("the object was replaced while it was processed");
  if (failures.length > 0) throw new StepsFailed(failures, done);
  const lag = waiting ? null : lagSeconds(task, deps.now());
  const again = later && { retryAt: later };
  return { outcome: "processed", conversation: name.conversation, ...done, lagSeconds: lag, ...again };
}

function lagSeconds({ object, record }: Task, now: Date): number | null {
  if (object.metadata["source"] !== "webhook") return null;
  return Math.max(0, (now.getTime() - new Date(record.received_at).getTime()) / 1000);
}

function taskFor(name: RawKey, object: StoredObject, index: ConversationIndex, { isExclusive }: LeaseOptions): Task {
  const event = expectedEvent(name, object.body);
  const hash = sha256Once(object.body);
  const before = index.objects[object.key];
  // The previous holder of the lease may have written after it expired, so all steps are done again.
  const remaining = before?.overtaken ? KINDS[name.kind].steps : remainingSteps(name.kind, object, hash, before);
  const record = recordOf(name.kind, object, hash, before, remaining);
  const overtaken = index.lease !== undefined && !isExclusive;
  const fields = fieldsOnRecord(event);
  return {
    ...{ name, object, event, remaining },
    record: { ...record, ...(fields && { fields }), ...(overtaken && { overtaken }) },
  };
}

async function runSteps(plan: Plan, remaining: readonly Step[]) {
  let change: Plan["intent"] = {};
  let written: Written = {};
  let later: Date | undefined;
  const steps: Step[] = [];
  const failures: { step: Step; error: unknown }[] = [];
  for (const step of remaining) {
    try {
      const result = (await plan.steps[step]?.()) ?? {};
      change = { ...change, ...result.change, rows: { ...change.rows, ...result.change?.rows } };
      written = sumOfWritten(written, result.written ?? {});
      if (result.failure !== undefined) failures.push({ step, error: result.failure });
      else if (result.later) later = result.later;
      else steps.push(step);
    } catch (error) {
      failures.push({ step, error });
    }
  }
  return { change, done: { steps, written }, failures, later };
}

function sumOfWritten(one: Written, other: Written): Written {
  return { ...one, ...other, rows: (one.rows ?? 0) + (other.rows ?? 0) };
}

function reasonsOf(failures: readonly { readonly step: Step; readonly error: unknown }[]): ObjectRecord["failed"] {
  if (failures.length === 0) return undefined;
  return Object.fromEntries(failures.map(({ step, error }) => [step, reasonOf(error)]));
}
