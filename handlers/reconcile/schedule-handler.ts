import type { Context } from "aws-lambda";
import { type Log, reasonOf } from "../clients/log.ts";
import type { Measure } from "../clients/measure.ts";
import type { WebhookSource } from "../clients/webhook-source.ts";
import { webhookFindings } from "../doctor/webhook-findings.ts";
import { type ReconcilingWindow, reconcile } from "./reconcile.ts";
import type { Reconciled } from "./reconciling.ts";

/** What the handler needs from outside. */
export interface ReconcileHandling
  extends Omit<ReconcilingWindow, "hasTime" | "endedBefore" | "onLooked" | "isDryRun"> {
  /** How far back it looks. For recordings it looks back 26 hours, whatever this is. */
  readonly hours: number;
  readonly webhooks: WebhookSource;
  /** Where ElevenLabs is to post to. */
  readonly webhookUrl: string;
  readonly log: Log;
  readonly measure: Measure;
}

/** How long a call is left to its webhook after its end: retries, where they are on, take about 40 minutes. */
const SETTLE_MS = 60 * 60 * 1000;

const HOUR_MS = 60 * 60 * 1000;

/**
 * How far back a run looks at least, in hours. A recording is asked for until a day after its call, and a run after that
 * has it recorded that there is none: one hour is for that run to come, one for a call that took as long.
 */
const RECORDING_HOURS = 26;

/** No conversation is begun when less is left: fetching a long recording takes a while. */
const LAST_CALL_MS = 3 * 60 * 1000;

/**
 * Reconciles the last hours whenever it is woken, and looks at the webhook.
 *
 * A run that is short of time has lost nothing: the next one finds what this one did. What could not be fetched is logged
 * and counted; that nothing could be asked at all fails the invocation, and the next one, an hour later, tries again. A key
 * that may not see the webhook's settings is told of, and is no failure: the calls are there all the same.
 */
export function reconcileHandler(handling: ReconcileHandling) {
  const { hours, webhooks, webhookUrl, log, measure, ...reconciling } = handling;

  function tell({ conversationId: conversation, call, recording, reasons }: Reconciled): void {
    const what = { conversation, ...(reasons.length > 0 && { reason: reasons.join("; ") }) };
    if (NEWS.has(call)) log({ event: call, ...what });
    if (NEWS.has(recording)) log({ event: recording, recording: true, ...what });
  }

  async function reconcileHours(msLeft: () => number): Promise<void> {
    const until = new Date(reconciling.now().getTime() - SETTLE_MS);
    const window = { from: new Date(until.getTime() - Math.max(hours, RECORDING_HOURS) * HOUR_MS), until };
    let isComplete = true;
    const hasTime = () => {
      isComplete &&= msLeft() > LAST_CALL_MS;
      return isComplete;
    };
    const found = await reconcile(window, { ...reconciling, hasTime, endedBefore: until, onLooked: tell });
    log({ event: isComplete ? "reconciled" : "out of time", ...found });
    measure([
      { name: "MissingCalls", value: found.unrecoverable + found.failed },
      { name: "RecoveredCalls", value: found.recovered },
      { name: "RecoveredRecordings", value: found.recoveredRecordings },
    ]);
  }

  async function lookAtWebhook(): Promise<void> {
    try {
      const found = webhookFindings(await webhooks.state(), { url: webhookUrl, now: reconciling.now() });
      const wrong = found.filter(({ level }) => level === "wrong");
      for (const { subject, says, todo } of wrong) log({ event: "webhook", subject, says, todo });
      measure([{ name: "WebhookFindings", value: wrong.length }]);
    } catch (error) {
      log({ event: "webhook not looked at", reason: reasonOf(error) });
    }
  }

  return async (_event: unknown, context: Context): Promise<void> => {
    try {
      await lookAtWebhook();
      await reconcileHours(() => context.getRemainingTimeInMillis());
    } catch (error) {
      log({ event: "failed", reason: reasonOf(error) });
      throw error;
    }
  };
}

/** What a person may want to know of, one by one. */
const NEWS: ReadonlySet<string> = new Set(["recovered", "unrecoverable", "failed"]);
