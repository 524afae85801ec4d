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

/** The dependencies of the handler. */
export interface QueueHandlerDeps extends Omit<ProcessDeps, "leaseOptions" | "fetchesEarly"> {
  /** Sets the seconds until a message is delivered again, in place of the queue's visibility timeout. */
  readonly retryIn: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Sends a message that processes the object at `key` after `seconds`, at most `LONGEST_DELAY_SECONDS`. */
  readonly processLater: (key: string, seconds: number) => Promise<void>;
  readonly log: Log;
  readonly measure: Measure<"processor">;
}

/** Doubled with each delivery, up to half an hour: ten deliveries in about two hours. */
const PAUSES: RetryPolicy = { firstMs: 15_000, longestMs: 1_800_000 };

/** The longest delay of a message in SQS (docs.aws.amazon.com, SendMessage, 2026-11). */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Returns a handler that processes the objects in a batch of S3's messages, and returns the messages that failed.
 *
 * A failed message is delivered again, after a longer pause each time. One that no retry can help is delivered again at
 * once, until the queue dead-letters it. Objects of one conversation are processed one after the other, because they
 * share a lease; others concurrently.
 *
 * If the next request for a recording is due within 15 minutes, another message is sent before this one counts as done.
 * Later requests are made by reconcile. Another message about an object changes nothing.
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
          deps.log({ event: "retry not moved", message_id: messageId, reason: "the visibility timeout applies" });
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
