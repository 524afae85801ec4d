import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parsedKey } from "../call/keys.ts";
import { invocationLeaseOptions } from "../clients/aws/invocation-lease.ts";
import { inTurn } from "../clients/in-turn.ts";
import { type Log, masked, reasonOf } from "../clients/observability/log.ts";
import type { Measure, Measurement } from "../clients/observability/measure.ts";
import { pauseBefore, type RetryPolicy } from "../clients/retry-policy.ts";
import { measurementsOfFailure, measurementsOfOutcome } from "./measurements.ts";
import { isFinal, type ProcessDeps, processObject, StepsFailed } from "./process.ts";
import { keysIn } from "./s3-event.ts";

/** What the handler needs from outside. */
export interface QueueHandlerDeps extends Omit<ProcessDeps, "leaseOptions" | "asksEarly"> {
  /** Has a message delivered again after so many seconds instead of after the queue's visibility timeout. */
  readonly retryIn: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Has the object at `key` processed after so many seconds, at most `LONGEST_DELAY_SECONDS`. */
  readonly processLater: (key: string, seconds: number) => Promise<void>;
  readonly log: Log;
  readonly measure: Measure<"processor">;
}

/** Doubled with each delivery, up to half an hour: ten deliveries in about two hours. */
const PAUSES: RetryPolicy = { firstMs: 15_000, longestMs: 1_800_000 };

/** The longest that SQS delays a message (docs.aws.amazon.com, SendMessage, 2026-11). */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Processes the objects that a batch of S3's messages tells of, and answers which messages failed.
 *
 * A message that failed comes back by itself, later each time; one that no retry can help comes back at once,
 * until the queue gives up on it and moves it to the dead letters. Objects of one conversation are taken one
 * after the other, since they would wait for each other's lease; others at the same time.
 *
 * For a recording that is to be asked for within a quarter of an hour, the queue gets another message before this one
 * counts as done. Later than that the reconciler asks. Another message about an object changes nothing.
 */
export function queueHandler(deps: QueueHandlerDeps) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const processing = { ...deps, leaseOptions: invocationLeaseOptions(context) };
    const oneAtATime = inTurn();
    const measured: Measurement<"processor">[] = [];

    async function processOne(key: string, attempt: number): Promise<void> {
      let retryAt: Date | undefined;
      try {
        const outcome = await processObject(key, processing);
        const { steps } = "steps" in outcome ? outcome : {};
        if ("retryAt" in outcome) retryAt = outcome.retryAt;
        const again = retryAt && { ask_again_at: retryAt.toISOString() };
        deps.log({ event: outcome.outcome, key: masked(key), ...(steps && { steps }), ...again });
        measured.push(...measurementsOfOutcome(outcome));
      } catch (error) {
        const steps = error instanceof StepsFailed ? error.failed : undefined;
        deps.log({ event: "failed", key: masked(key), attempt, ...(steps && { steps }), reason: reasonOf(error) });
        measured.push(...measurementsOfFailure(error));
        throw error;
      }
      if (retryAt) await scheduleRetry(key, retryAt);
    }

    async function scheduleRetry(key: string, at: Date): Promise<void> {
      const seconds = Math.max(0, Math.ceil((at.getTime() - deps.now().getTime()) / 1000));
      if (seconds <= LONGEST_DELAY_SECONDS) await deps.processLater(key, seconds);
    }

    async function processMessage({ body, receiptHandle, attributes, messageId }: SQSRecord): Promise<void> {
      const attempt = Number(attributes.ApproximateReceiveCount);
      try {
        const ended = await Promise.allSettled(
          keysIn(body).map((key) => oneAtATime(parsedKey(key)?.conversation ?? key, () => processOne(key, attempt))),
        );
        const errors = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
        if (errors.length > 0) throw errors.find((error) => !isFinal(error)) ?? errors[0];
      } catch (error) {
        deps.log({ event: "message failed", message_id: messageId, attempt, reason: reasonOf(error) });
        await deps.retryIn(receiptHandle, isFinal(error) ? 0 : retrySeconds(attempt)).catch(() => {
          deps.log({ event: "retry not moved", message_id: messageId, reason: "it comes back with the timeout" });
        });
        throw error;
      }
    }

    const options = { context, throwOnFullBatchFailure: false };
    try {
      return await processPartialResponse(event, processMessage, new BatchProcessor(EventType.SQS), options);
    } finally {
      deps.measure(measured);
    }
  };
}

function retrySeconds(attempt: number): number {
  return pauseBefore(attempt - 1, PAUSES) / 1000;
}
