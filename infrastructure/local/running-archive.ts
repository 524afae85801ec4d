import { join } from "node:path";
import { type Log, masked } from "../../handlers/clients/observability/log.ts";
import type { Actions } from "../../handlers/read/action-runs.ts";
import { receiveWebhook } from "../../handlers/receive/receive.ts";
import { statedTimes } from "../../handlers/receive/signature.ts";
import { consolePage } from "./console-page.client.ts";
import { folderReadDeps } from "./folder-read-deps.ts";
import { folderStores } from "./folder-stores.ts";
import { healthReport } from "./health-report.ts";
import { type HttpReceiverDeps, respondTo } from "./http-receiver.ts";
import { type HttpServer, serveHttp } from "./http-server.client.ts";
import { type LocalArchive, openLocalArchive } from "./local-archive.ts";
import { type ReadUrls, readApi, readUrls } from "./read-api.client.ts";
import { senderClock } from "./sender-clock.ts";
import type { Settings } from "./settings.ts";
import { watchFolders } from "./watch.client.ts";
import { webhookSecrets } from "./webhook-secret.client.ts";

/** How long the disk may take to store a delivery. ElevenLabs waits about half a minute for the response. */
const STORE_TIMEOUT_MS = 20_000;

/** How long a sender may pause in the middle of its body. Others may wait for it. */
const BODY_IDLE_MS = 30_000;

/** The whole archive on this machine, with its HTTP receiver listening. */
export interface RunningArchive extends LocalArchive, ReadUrls {
  readonly url: string;
  readonly secrets: readonly string[];
  /** How many objects an earlier process had stored but not processed. When it resolves, they are queued. */
  readonly recovered: Promise<number>;
}

/** What a start may add. */
export interface StartOptions {
  /** Called after each object that recovery checked. */
  readonly onRecovered?: () => void;
  /** The actions on the archive that its page may start. Default: none. */
  readonly actionsOf?: (local: LocalArchive) => Actions;
}

/**
 * Starts the archive: the HTTP receiver, the processor, and the watch for uploads by hand.
 *
 * Deliveries are accepted at once. At the same time, recovery looks for objects that an earlier process did not
 * process. Until it ends, `pending` in `GET /health` is one higher.
 */
export async function startArchive(
  settings: Settings,
  log: Log,
  now = () => new Date(),
  { onRecovered = () => {}, actionsOf }: StartOptions = {},
): Promise<RunningArchive> {
  await using opened = new AsyncDisposableStack();
  const local = opened.adopt(await openLocalArchive(settings, log, now), ({ close }) => close());
  const { archive, queue } = local;
  const secrets = await webhookSecrets(settings);
  const clock = senderClock();
  let isRecovering = true;
  let recoveryProblem: string | undefined;

  const receiverDeps: HttpReceiverDeps = {
    async receive(delivery) {
      const receivedAt = now();
      const reception = await receiveWebhook(delivery, {
        archive,
        secrets: async () => secrets,
        toleranceSeconds: settings.toleranceSeconds,
        defaultCountryCode: settings.defaultCountryCode,
        now: () => receivedAt,
      });
      if (reception.status !== "refused") clock.seen(statedTimes(delivery.signature), receivedAt);
      return reception;
    },
    onStored: queue.add,
    health: async () =>
      healthReport({
        pending: queue.pending + (isRecovering ? 1 : 0),
        failed: local.failed(),
        waiting: local.waiting(),
        quarantined: await local.quarantined(),
        clock: clock.problem(now()),
        recovery: recoveryProblem,
      }),
    maxBodyBytes: settings.maxBodyBytes,
    inFlight: local.inFlight,
    bodyIdleMs: BODY_IDLE_MS,
    storeTimeoutMs: STORE_TIMEOUT_MS,
    log,
  };
  const onCut = (error: unknown) => log({ event: "delivery cut", reason: masked(String(error)) });
  const readDeps = opened.adopt(
    folderReadDeps(settings, {
      archive,
      analytics: folderStores(settings.folder).analytics,
      secrets: async () => secrets,
      now,
    }),
    ({ close }) => close(),
  );
  const actions = actionsOf?.(local);
  if (actions) opened.defer(actions.stop);
  const api = readApi({ ...readDeps, actions }, log, settings.host, () => server.port);
  const server: HttpServer = await serveHttp(
    (request, allowBody) => respondTo(request, receiverDeps, allowBody),
    settings,
    onCut,
    [api, consolePage("Local archive", log, settings.host, () => server.port)],
  );
  opened.defer(server.close);

  const onNotWatching = ({ message }: Error) =>
    log({ event: "not watching", reason: `uploads by hand are not processed until the next start: ${message}` });
  const watch = await watchFolders(
    join(settings.folder, "archive"),
    (key) => void local.queueIfUnprocessed(key),
    onNotWatching,
  );
  opened.defer(watch.close);

  const ending = new AbortController();
  opened.defer(() => ending.abort());
  const recovered = recover(local, log, onRecovered, ending.signal).then(
    ({ found, skipped }) => {
      isRecovering = false;
      if (skipped > 0) recoveryProblem = `${skipped} stored ${skipped === 1 ? "object" : "objects"} ${NOT_EXAMINED}`;
      if (!ending.signal.aborted) log({ event: "recovered", objects: found });
      return found;
    },
    (error: unknown) => {
      isRecovering = false;
      recoveryProblem = `the stored objects ${NOT_EXAMINED}`;
      log({ event: "recovery failed", reason: masked(String(error)) });
      return 0;
    },
  );

  const running = opened.move();
  return {
    ...local,
    url: server.url,
    ...readUrls(server.url, api),
    secrets,
    recovered,
    close: () => running.disposeAsync(),
  };
}

const NOT_EXAMINED = "could not be examined: the log has the reason. Repair it and start the archive again";

/** How many unprocessed objects recovery found, and how many objects it could not examine. */
interface Recovery {
  readonly found: number;
  readonly skipped: number;
}

/**
 * Queues objects that were stored but not processed, until `ending`. In a copied folder, adopts each object first. It
 * logs an object that cannot be examined, and continues. Then the folder still counts as a copy at the next start.
 */
async function recover(local: LocalArchive, log: Log, onRecovered: () => void, ending: AbortSignal): Promise<Recovery> {
  let [found, skipped] = [0, 0];
  for await (const key of local.storedKeys()) {
    if (ending.aborted) return { found, skipped };
    try {
      await local.adopt(key);
      if (await local.queueIfUnprocessed(key)) found += 1;
    } catch (error) {
      skipped += 1;
      log({ event: "not examined", key: masked(key), reason: masked(String(error)) });
    }
    onRecovered();
  }
  if (skipped === 0) await local.finishAdopting();
  return { found, skipped };
}
