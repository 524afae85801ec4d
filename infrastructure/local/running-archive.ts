import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parsedKey } from "../../handlers/call/keys.ts";
import { isProcessed } from "../../handlers/process/is-processed.ts";
import { receiveWebhook } from "../../handlers/receive/receive.ts";
import { httpServer } from "./http-server.ts";
import { type LocalArchive, openLocalArchive } from "./local-archive.ts";
import { type Log, masked } from "./log.ts";
import type { Settings } from "./settings.ts";
import { watchFolders } from "./watch.client.ts";
import { webhookSecrets } from "./webhook-secret.client.ts";

/** How long the disk may take to store a delivery. ElevenLabs waits about half a minute for its answer. */
const STORE_TIMEOUT_MS = 20_000;

/** How long a delivery that is under way may hold up the end, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/** The whole archive on this machine, listening. */
export interface RunningArchive extends LocalArchive {
  readonly url: string;
  readonly secrets: readonly string[];
}

/**
 * Starts the archive: the door over HTTP, the processor, and the watch for uploads by hand.
 *
 * Deliveries are taken from the first moment; what an earlier process left undone is queued by `recover`.
 */
export async function startArchive(settings: Settings, log: Log, now = () => new Date()): Promise<RunningArchive> {
  const local = await openLocalArchive(settings, log, now);
  try {
    const secrets = await webhookSecrets(settings);
    const { archive, queue } = local;
    const server = httpServer({
      receive: (delivery) =>
        receiveWebhook(delivery, {
          archive,
          secrets: async () => secrets,
          toleranceSeconds: settings.toleranceSeconds,
          now,
        }),
      onStored: queue.add,
      health: () => ({ pending: queue.pending, failed: local.failed }),
      maxBodyBytes: settings.maxBodyBytes,
      storeTimeoutMs: STORE_TIMEOUT_MS,
      log,
    });
    const address = await listening(server, settings);
    const watch = await watchFolders(
      join(settings.folder, "archive"),
      (key) => void uploaded(key, local, log),
      (error) => log({ event: "not watching", reason: `uploads by hand wait for the next start: ${error.message}` }),
    );
    return {
      ...local,
      get failed() {
        return local.failed;
      },
      url: address,
      secrets,
      async close() {
        watch.close();
        await closed(server);
        await local.close();
      },
    };
  } catch (error) {
    await local.close();
    throw error;
  }
}

/** A file appeared or changed. The door's own files come by here, too, and are mostly on record already. */
async function uploaded(key: string, { archive, queue }: LocalArchive, log: Log): Promise<void> {
  try {
    if (parsedKey(key) && !(await isProcessed(key, archive))) queue.add(key);
  } catch (error) {
    log({ event: "failed", key: masked(key), reason: masked(String(error)) });
  }
}

/** Lets deliveries that are under way end, within reason. */
async function closed(server: Server): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(patience);
}

function listening(server: Server, { port, host }: Settings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const { address, port: actual, family } = server.address() as AddressInfo;
      resolve(`http://${family === "IPv6" ? `[${address}]` : address}:${actual}`);
    });
  });
}
