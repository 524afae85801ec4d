import type { ActionRequests } from "../../../../handlers/read/action-requests.ts";
import type { ActionEnd, ActionProgress } from "../../../../handlers/read/action-runs.ts";
import type { Reconciled } from "../../../../handlers/reconcile/reconcile-deps.ts";
import { utcDate } from "../../../../queries/tables/utc-date.ts";
import { firstDayOf } from "../backfill/backfill.ts";
import { backfillBookmark, fetchMissing } from "../backfill/fetch-missing.ts";
import type { Deployment, OpenDeployment } from "../deployment/deployment.ts";
import { withStop } from "../with-stop.ts";
import { firstOf } from "./action-result.ts";

/**
 * Fetches calls and recordings that the archive lacks from ElevenLabs, as `npm run backfill` does. If an earlier run of
 * the same request was stopped, it continues with that day.
 */
export async function backfillAction(
  request: ActionRequests["backfill"],
  progress: ActionProgress,
  deployment: Deployment,
  folder: string,
): Promise<ActionEnd> {
  if (request.dry_run) return compare(request, progress, deployment, undefined, folder);
  const openDeployment = await deployment.open("npm run backfill", () => {});
  try {
    const end = await compare(request, progress, openDeployment, openDeployment, folder);
    progress.begin("Processing the fetched calls");
    const processed = await withStop(openDeployment.waitUntilProcessed(), progress.stop);
    progress.stop.throwIfAborted();
    const { by = "here", deadLettered = 0 } = processed ?? {};
    const message = by === "here" ? end.message : `${end.message}; ${by} processes what was fetched`;
    return { message, result: { ...end.result, dead_lettered: deadLettered } };
  } finally {
    await openDeployment.close();
  }
}

async function compare(
  request: ActionRequests["backfill"],
  progress: ActionProgress,
  deployment: Deployment,
  openDeployment: OpenDeployment | undefined,
  folder: string,
): Promise<ActionEnd> {
  const { from, to, agent, dry_run } = request;
  const days = { from, to: to ?? utcDate(new Date()), agent };
  const bookmark = backfillBookmark(folder, deployment, request);
  const first = await firstDayOf(days, bookmark);
  const missing: Pick<Reconciled, "conversationId" | "call" | "recording" | "reasons">[] = [];
  progress.begin(`Comparing the calls of ${first} to ${days.to} with ElevenLabs`);
  const found = await fetchMissing(days, deployment, {
    openDeployment,
    first,
    bookmark,
    checkDepth: "bytes",
    reportsFolder: folder,
    onReconciled(reconciled) {
      progress.advance();
      if (isLacking(reconciled)) missing.push(reconciled);
    },
    stop: progress.stop,
  });
  progress.stop.throwIfAborted();
  const result = {
    from: first,
    to: days.to,
    listed: found.listed,
    present: found.present,
    unfinished: found.unfinished,
    deleted: found.deleted,
    recovered: found.recovered,
    recovered_recordings: found.recoveredRecordings,
    lacking: missing.length,
    items: firstOf(missing).map(({ conversationId, call, recording, reasons }) => {
      return { conversation_id: conversationId, call, recording, reason: reasons[0] ?? null };
    }),
  };
  const left = `${missing.length} of ${found.listed} calls`;
  const message = dry_run
    ? `The archive lacks ${left}, or their recordings`
    : `${found.recovered} calls and ${found.recoveredRecordings} recordings fetched; ${left} are still incomplete`;
  return { message, result };
}

/** Whether the archive lacks the call or its recording. */
function isLacking({ call, recording }: Reconciled): boolean {
  return [call, recording].some((status) => ["missing", "unrecoverable", "failed"].includes(status));
}
