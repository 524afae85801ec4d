import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/atomic-file.client.ts";
import type { Settings } from "./settings.ts";

/**
 * The secrets that deliveries may be signed with: those of the settings, else one that is kept in the folder.
 * It is made at the first start, readable by its owner only.
 */
export async function webhookSecrets({ folder, webhookSecrets }: Settings): Promise<readonly string[]> {
  if (webhookSecrets.length > 0) return webhookSecrets;
  const path = join(folder, "webhook-secret");
  const kept = (await readFile(path, "utf8").catch(absent))?.trim();
  if (kept) return [kept];
  const made = `wsec_${randomBytes(32).toString("hex")}`;
  await writeFile(path, `${made}\n`, { mode: 0o600 });
  return [made];
}
