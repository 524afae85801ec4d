import { join } from "node:path";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { sqlName } from "../../../queries/tables/sql-text.ts";
import { memoriesOf } from "../../local/memories-of.ts";
import type { Settings } from "../../local/settings.ts";
import { knownWebhookSecrets } from "../../local/webhook-secret.client.ts";
import type { Target } from "./target.ts";

/** The archive that runs on this machine, on the folder of the settings. */
export async function localTarget(url: string, settings: Settings): Promise<Target> {
  const { folder } = settings;
  const [secret = ""] = await knownWebhookSecrets(settings);
  const archive = folderArchive(folder, "archive");
  const analytics = folderArchive(folder, "analytics");
  const memories = await memoriesOf(settings);

  return {
    url,
    secret,
    archive,
    async object(key) {
      const head = await archive.head(key);
      return head && { ...head, storageClass: "folder" };
    },
    async rows(table, day, conversation) {
      const engine = await openLocalEngine(join(folder, "analytics"));
      const sql = `select count(*) as n from ${sqlName(table)} where dt = ? and conversation_id = ?`;
      const { rows } = await engine.run(sql, [day, conversation]).finally(engine.close);
      return Number(rows[0]?.[0] ?? 0);
    },
    async remove({ keys, rowKeys, conversation, userIds }) {
      for (const key of keys) await archive.delete(key);
      for (const key of rowKeys) await analytics.delete(key);
      for (const userId of userIds) await memories.forget(userId, conversation, { inFlight: false });
    },
    lookAt: {
      delivery: "what npm start prints; is it running, on this folder (ARCHIVE_DIR)?",
      processing: `what npm start prints, and ${join(folder, "dead-letters")}`,
      rows: join(folder, "analytics", "live"),
    },
  };
}
