import type { Context } from "aws-lambda";
import { isEmpty } from "../clients/archive/archive.ts";
import { KeyNotSet } from "../clients/credentials/api-key.ts";
import {
  type AgentSource,
  isUnseen,
  type WebhookSource,
  type WebhookState,
} from "../clients/elevenlabs/webhook-source.ts";
import { type Log, masked, reasonOf } from "../clients/observability/log.ts";
import type { Measure } from "../clients/observability/measure.ts";
import { agentFindings } from "../doctor/agent-findings.ts";
import type { DoctorFinding } from "../doctor/doctor-finding.ts";
import { nothingOf } from "../doctor/elevenlabs-findings.ts";
import { webhookFindings } from "../doctor/webhook-findings.ts";
import { type ReconcileWindowDeps, reconcile } from "./reconcile.ts";
import type { Reconciled } from "./reconcile-deps.ts";

/** What the handler needs from outside. */
export interface ReconcileScheduleDeps
  extends Omit<ReconcileWindowDeps, "hasTime" | "endedBefore" | "onReconciled" | "isDryRun" | "checkDepth"> {
  /** How far back it looks. For recordings it looks back 26 hours, whatever this is. */
  readonly hours: number;
  readonly webhooks: WebhookSource;
  readonly agents: AgentSource;
  /** Where ElevenLabs is to post to. */
  readonly webhookUrl: string;
  readonly log: Log;
  readonly measure: Measure<"reconciler">;
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
 * In which hour of a day, UTC, agents are looked at: each takes a request, and one run falls into each hour. It needs nothing
 * on record, and a run that is lost is made up for a day later.
 */
const AGENTS_HOUR = 3;

/**
 * Reconciles the last hours whenever it is woken, and looks at the webhook. Once a day it looks at the settings of agents,
 * too, in the time that is left.
 *
 * A run that is short of time has lost nothing: the next one finds what this one did. What could not be fetched is logged
 * and counted; that nothing could be asked at all fails the invocation, and the next one, an hour later, tries again. A key
 * that may not see the webhook's settings is logged, and is no failure: the calls are there all the same. Until a key is
 * set at all there is nothing to do.
 */
export function reconcileHandler(deps: ReconcileScheduleDeps) {
  const { hours, webhooks, agents, webhookUrl, log, measure, ...reconciling } = deps;

  function logFinding({ conversationId: conversation, call, recording, reasons }: Reconciled): void {
    const what = { conversation, ...(reasons.length > 0 && { reason: reasons.join("; ") }) };
    if (LOGGED_FATES.has(call)) log({ event: call, ...what });
    if (LOGGED_FATES.has(recording)) log({ event: recording, recording: true, ...what });
  }

  async function reconcileHours(msLeft: () => number): Promise<void> {
    const until = new Date(reconciling.now().getTime() - SETTLE_MS);
    const window = { from: new Date(until.getTime() - Math.max(hours, RECORDING_HOURS) * HOUR_MS), until };
    let isComplete = true;
    const hasTime = () => {
      isComplete &&= msLeft() > LAST_CALL_MS;
      return isComplete;
    };
    // Once for each call, in the last of the runs that look at it: a request more in each would cost as much as all others.
    const lastLook = window.from.getTime() + HOUR_MS;
    const checkDepth: ReconcileWindowDeps["checkDepth"] = ({ startedAt }) =>
      startedAt && startedAt.getTime() < lastLook ? "head" : "index";
    const found = await reconcile(window, {
      ...reconciling,
      checkDepth,
      hasTime,
      endedBefore: until,
      onReconciled: logFinding,
    });
    log({ event: isComplete ? "reconciled" : "out of time", ...found });
    measure([
      { name: "MissingCalls", value: found.unrecoverable + found.failed },
      { name: "RecoveredCalls", value: found.recovered },
      { name: "RecoveredRecordings", value: found.recoveredRecordings },
    ]);
  }

  async function checkWebhook(): Promise<WebhookState | undefined> {
    try {
      const state = await webhooks.state();
      await publish(webhookFindings(state, { url: webhookUrl, now: reconciling.now() }));
      for (const part of [state.webhooks, state.settings])
        if (isUnseen(part)) log({ event: "webhook not looked at", reason: masked(part.unseen) });
      return state;
    } catch (error) {
      log({ event: "webhook not looked at", reason: reasonOf(error) });
      return undefined;
    }
  }

  async function checkAgents(state: WebhookState | undefined, msLeft: () => number): Promise<void> {
    const hasTime = () => msLeft() > LAST_CALL_MS;
    if (!hasTime()) return log({ event: "agents not looked at", reason: "out of time" });
    try {
      const found = await agents.agents(hasTime);
      const { refused, isAll } = found;
      log({ event: "agents looked at", agents: found.agents.length, refused, all: isAll });
      await publish(agentFindings(found, state ?? nothingOf("not seen"), { url: webhookUrl, now: reconciling.now() }));
    } catch (error) {
      log({ event: "agents not looked at", reason: reasonOf(error) });
    }
  }

  /** Before the first call the webhook is still being set up: what is wrong then is logged, and raises no alarm. */
  async function publish(findings: readonly DoctorFinding[]): Promise<void> {
    const wrong = findings.filter(({ level }) => level === "wrong");
    for (const { subject, detail, todo } of wrong) log({ event: "webhook", subject, detail, todo });
    const isInUse = wrong.length === 0 || !(await isEmpty(reconciling.archive));
    if (isInUse) measure([{ name: "WebhookFindings", value: wrong.length }]);
  }

  return async (_event: unknown, context: Context): Promise<void> => {
    const msLeft = () => context.getRemainingTimeInMillis();
    const isAgentsHour = reconciling.now().getUTCHours() === AGENTS_HOUR;
    try {
      const state = await checkWebhook();
      await reconcileHours(msLeft);
      if (isAgentsHour) await checkAgents(state, msLeft);
    } catch (error) {
      if (error instanceof KeyNotSet) return log({ event: "waiting for a key", reason: error.message });
      log({ event: "failed", reason: reasonOf(error) });
      throw error;
    }
  };
}

/** What a person may want to know of, one by one. */
const LOGGED_FATES: ReadonlySet<string> = new Set(["recovered", "unrecoverable", "failed"]);
