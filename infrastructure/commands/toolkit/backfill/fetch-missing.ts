import { systemClock } from "../../../../handlers/clients/clock.ts";
import { elevenLabsConversations } from "../../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import type { Reconciliation } from "../../../../handlers/reconcile/reconcile.ts";
import type { CheckDepth, Reconciled } from "../../../../handlers/reconcile/reconcile-deps.ts";
import { folderReports } from "../../../local/reports.client.ts";
import { type Bookmark, folderBookmark } from "../bookmark.client.ts";
import { waitForSpace } from "../deployment/backpressure.ts";
import type { Deployment, OpenDeployment } from "../deployment/deployment.ts";
import { WrongUsage } from "../wrong-usage.ts";
import { type BackfillDays, backfill } from "./backfill.ts";

/** ElevenLabs limits requests per minute. A backfill can wait for the next minute. */
const RETRY_POLICY = { retries: 8, longestPauseMs: 5 * 60 * 1000 };

/** How to fetch what is missing. */
export interface FetchOptions {
  /** The archive that stores what is fetched; `undefined` to fetch nothing. */
  readonly openDeployment: OpenDeployment | undefined;
  /** The day to begin with. */
  readonly first: string;
  readonly bookmark: Omit<Bookmark, "place">;
  /** How closely the calls on record are checked. */
  readonly checkDepth: CheckDepth;
  /** The folder that stores the comparison of each day; `undefined` for a deployed archive. */
  readonly reportsFolder: string | undefined;
  readonly onReconciled: (reconciled: Reconciled) => void;
  readonly stop: AbortSignal;
}

/**
 * Compares the calls of `days` with ElevenLabs, fetches those that the archive lacks, and queues them for processing.
 *
 * @throws WrongUsage if there is no API key.
 * @throws ServiceRefused, ServiceUnavailable if the conversations cannot be listed, or the key is rejected.
 */
export async function fetchMissing(
  days: BackfillDays,
  deployment: Deployment,
  { openDeployment, first, bookmark, checkDepth, reportsFolder, onReconciled, stop }: FetchOptions,
): Promise<Reconciliation> {
  const options = await deployment.elevenLabs();
  if (!options) throw missingKey();
  const retrying = { ...options, ...RETRY_POLICY };
  const reports = reportsFolder === undefined ? undefined : folderReports(reportsFolder);
  return backfill(first, days, bookmark, {
    archive: (openDeployment ?? deployment).archive,
    conversations: elevenLabsConversations(retrying),
    recordings: elevenLabsRecordings(retrying),
    now: () => new Date(),
    defaultCountryCode: deployment.defaultCountryCode,
    isDryRun: openDeployment === undefined,
    checkDepth: () => checkDepth,
    retriesRecordings: true,
    async onReconciled(reconciled) {
      onReconciled(reconciled);
      if (!openDeployment) return;
      if (reconciled.key !== undefined) openDeployment.process(reconciled.key);
      await waitForSpace(openDeployment, systemClock, stop);
    },
    // The comparison of one agent states nothing of the other calls of the day.
    ...(reports && days.agent === undefined && { onDay: reports.saveComparison }),
    stop,
  });
}

/** The bookmark of a backfill. `to` is the stated day, not today: the same request continues tomorrow. */
export function backfillBookmark(
  folder: string,
  { name }: Pick<Deployment, "name">,
  { from, to, agent }: { readonly from: string; readonly to?: string | undefined; readonly agent?: string | undefined },
): Bookmark {
  return folderBookmark(folder, { backfill: name, from, to, agent });
}

/** The error if there is no API key. */
export function missingKey(): WrongUsage {
  return new WrongUsage("ELEVENLABS_API_KEY is not set: backfill needs it to fetch calls");
}
