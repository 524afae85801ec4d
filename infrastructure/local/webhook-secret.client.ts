import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";
import type { Settings } from "./settings.ts";

/**
 * The secrets that deliveries may be signed with: those of the settings, otherwise the one in the folder. None if the
 * archive was never started there.
 */
export async function knownWebhookSecrets({ folder, webhookSecrets }: Settings): Promise<readonly string[]> {
  if (webhookSecrets.length > 0) return webhookSecrets;
  const kept = (await readFile(secretPath(folder), "utf8").catch(absent))?.trim();
  return kept ? [kept] : [];
}

/** The same. If there is none, creates one and stores it in the folder, readable only by its owner. */
export async function webhookSecrets(settings: Settings): Promise<readonly string[]> {
  const known = await knownWebhookSecrets(settings);
  if (known.length > 0) return known;
  const made = `wsec_${randomBytes(32).toString("hex")}`;
  await writeFile(secretPath(settings.folder), `${made}\n`, { mode: 0o600 });
  return [made];
}

function secretPath(folder: string): string {
  return join(folder, "webhook-secret");
}
