import type { Context } from "aws-lambda";
import { type Archive, isEmpty } from "../clients/archive/archive.ts";
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
import { recordedCalls } from "./recorded-calls.ts";

/** The dependencies of the handler. */
export interface ReconcileScheduleDeps
  extends Omit<
    ReconcileWindowDeps,
    "hasTime" | "endedBefore" | "onReconciled" | "isDryRun" | "checkDepth" | "isRecorded"
  > {
  /** Where the processor writes the rows of calls. */
  readonly analytics: Pick<Archive, "list">;
  /** The number of hours to look back, at least 26: see `RECORDING_HOURS`. */
  readonly hours: number;
  readonly webhooks: WebhookSource;
  readonly agents: AgentSource;
  /** The address of this archive's receiver. */
  readonly webhookUrl: string;
  readonly log: Log;
  readonly measure: Measure<"reconciler">;
}

/** The run did what it could, and found something that a person must look at. */
export class ProblemsRemain extends Error {
  override readonly name = "ProblemsRemain";
}

/** A call is not fetched for this long after its end: the retries of its webhook take about 40 minutes. */
const SETTLE_MS = 60 * 60 * 1000;

const HOUR_MS = 60 * 60 * 1000;

/**
 * The minimum number of hours that a run looks back. A recording is requested until a day after its call, and a run
 * after that records that there is none. One of the two extra hours is for that hourly run, one for the call's length.
 */
const RECORDING_HOURS = 26;

/** No conversation is begun in the last minutes, because fetching a long recording takes some time. */
const LAST_CALL_MS = 3 * 60 * 1000;

/**
 * The hour of the day, UTC, in which agents are checked: each takes a request. One run is in each hour, so this needs
 * no record of the last check. After a lost run, agents are checked a day later.
 */
const AGENTS_HOUR = 3;

/**
 * Returns a handler that reconciles the last hours and checks the webhook. Once a day it also checks the settings of
 * agents, in the remaining time.
 *
 * If a run has too little time, the next one continues. A call that cannot be fetched and a wrong setting are logged
 * and counted, and the invocation fails at its end. If the calls cannot be listed, it fails, too, and the next one, an
 * hour later, tries again. If the key may not read the webhook's settings, that is logged and is not a failure. Without
 * a key the handler does nothing.
 */
export function reconcileHandler(deps: ReconcileScheduleDeps) {
  const { hours, analytics, webhooks, agents, webhookUrl, log, measure, ...reconciling } = deps;

  function logFinding({ conversationId: conversation, call, recording, reasons }: Reconciled): void {
    const what = { conversation, ...(reasons.length > 0 && { reason: reasons.join("; ") }) };
    if (LOGGED.has(call)) log({ event: call, ...what });
    if (LOGGED.has(recording)) log({ event: recording, recording: true, ...what });
  }

  async function reconcileHours(msLeft: () => number): Promise<string[]> {
    const until = new Date(reconciling.now().getTime() - SETTLE_MS);
    const window = { from: new Date(until.getTime() - Math.max(hours, RECORDING_HOURS) * HOUR_MS), until };
    let isComplete = true;
    const hasTime = () => {
      isComplete &&= msLeft() > LAST_CALL_MS;
      return isComplete;
    };
    // Once for each call, in the last run that includes it, also if its recording is known. Other runs skip such calls.
    const lastCheck = window.from.getTime() + HOUR_MS;
    const checkDepth: ReconcileWindowDeps["checkDepth"] = ({ startedAt }) =>
      startedAt && startedAt.getTime() < lastCheck ? "head" : "index";
    const found = await reconcile(window, {
      ...reconciling,
      checkDepth,
      isRecorded: recordedCalls(analytics, log),
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
    const missing = found.unrecoverable + found.failed;
    return missing > 0 ? [`${missing} calls are missing`] : [];
  }

  async function checkWebhook(): Promise<{ readonly state?: WebhookState; readonly problems: string[] }> {
    try {
      const state = await webhooks.state();
      const problems = await publish(webhookFindings(state, { url: webhookUrl, now: reconciling.now() }));
      for (const part of [state.webhooks, state.settings])
        if (isUnseen(part)) log({ event: "webhook not looked at", reason: masked(part.unseen) });
      return { state, problems };
    } catch (error) {
      log({ event: "webhook not looked at", reason: reasonOf(error) });
      return { problems: [] };
    }
  }

  async function checkAgents(state: WebhookState | undefined, msLeft: () => number): Promise<string[]> {
    const hasTime = () => msLeft() > LAST_CALL_MS;
    try {
      if (!hasTime()) throw new Error("out of time");
      const found = await agents.agents(hasTime);
      const { refused, isAll } = found;
      log({ event: "agents looked at", agents: found.agents.length, refused, all: isAll });
      return await publish(
        agentFindings(found, state ?? nothingOf("not seen"), { url: webhookUrl, now: reconciling.now() }),
      );
    } catch (error) {
      log({ event: "agents not looked at", reason: reasonOf(error) });
      return [];
    }
  }

  /** Logs and counts findings. Before the first call they are only logged: the webhook is still being set up. */
  async function publish(findings: readonly DoctorFinding[]): Promise<string[]> {
    const wrong = findings.filter(({ level }) => level === "wrong");
    for (const { subject, detail, todo } of wrong) log({ event: "webhook", subject, detail, todo });
    const isInUse = wrong.length === 0 || !(await isEmpty(reconciling.archive));
    if (isInUse) measure([{ name: "WebhookFindings", value: wrong.length }]);
    return isInUse ? wrong.map(({ subject, detail }) => `${subject}: ${detail}`) : [];
  }

  return async (_event: unknown, context: Context): Promise<void> => {
    const msLeft = () => context.getRemainingTimeInMillis();
    const isAgentsHour = reconciling.now().getUTCHours() === AGENTS_HOUR;
    try {
      const { state, problems } = await checkWebhook();
      problems.push(...(await reconcileHours(msLeft)));
      if (isAgentsHour) problems.push(...(await checkAgents(state, msLeft)));
      if (problems.length > 0) throw new ProblemsRemain(problems.join("; "));
    } catch (error) {
      if (error instanceof KeyNotSet) return log({ event: "waiting for a key", reason: error.message });
      log({ event: "failed", reason: reasonOf(error) });
      throw error;
    }
  };
}

/** The results that are logged for each call. */
const LOGGED: ReadonlySet<string> = new Set(["recovered", "unrecoverable", "failed"]);
