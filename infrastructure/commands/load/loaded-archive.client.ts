import { systemClock } from "../../../handlers/clients/clock.ts";
import { PATH } from "../../../handlers/receive/http-response.ts";
import { liveHolder } from "../../local/folder-lock.client.ts";
import { healthAt } from "../../local/health.client.ts";
import type { Settings } from "../../local/settings.ts";
import type { Deployment } from "../toolkit/deployment/deployment.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import { post } from "../toolkit/post.client.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { LoadedArchive } from "./load.ts";
import { memoryOf } from "./memory-of.client.ts";

/**
 * Returns the archive that listens at `url`. Rows and memory can be measured only if it runs on this machine in the
 * folder of `settings`.
 *
 * @throws WrongUsage if it runs elsewhere and `settings` has no webhook secret.
 */
export async function loadedArchive(url: string, settings: Settings): Promise<LoadedArchive> {
  const { folder } = settings;
  const holder = isThisMachine(url) ? await liveHolder(folder) : undefined;
  const isHere = holder?.command === "npm start";
  if (!isHere && settings.webhookSecrets.length === 0)
    throw new WrongUsage(
      `the archive at ${url} does not run in ${folder} on this machine: set ARCHIVE_DIR to its folder, or set ELEVENLABS_WEBHOOK_SECRET`,
    );
  const deployment = folderDeployment(settings);
  const [secret = ""] = await deployment.webhookSecrets();
  return {
    post: (body) => post(`${url}${PATH}`, body, secret, systemClock.now()),
    health: () => healthAt(url),
    ...(isHere && {
      queryable: (idPrefix: string) => queryableIn(deployment, idPrefix),
      memory: () => memoryOf(holder.pid),
    }),
  };
}

function isThisMachine(url: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);
}

/** Opens the tables each time: tables that were opened on a folder without calls find none later. */
async function queryableIn(deployment: Deployment, idPrefix: string): Promise<number> {
  const tables = await deployment.tables();
  const sql = "select count(*) as n from conversations where starts_with(conversation_id, ?)";
  const { rows } = await tables.run(sql, [idPrefix]).finally(tables.close);
  return Number(rows[0]?.[0] ?? 0);
}
