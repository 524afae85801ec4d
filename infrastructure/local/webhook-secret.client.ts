import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";
import type { Settings } from "./settings.ts";

/**
 * The secrets that deliveries may be signed with: those of the settings, else the one that is kept in the folder; none
 * if nobody has started the archive there.
 */
export async function knownWebhookSecrets({ folder, webhookSecrets }: Settings): Promise<readonly string[]> {
  if (webhookSecrets.length > 0) return webhookSecrets;
  const kept = (await readFile(secretPath(folder), "utf8").catch(absent))?.trim();
  return kept ? [kept] : [];
}

/** The same; if there is none, one is made and kept, readable by its owner only. */
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
