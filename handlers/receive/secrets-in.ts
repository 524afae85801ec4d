import { KEY_NOT_SET } from "../clients/credentials/api-key.ts";

/**
 * The secrets in `text`, separated by commas. Several are valid at once while a secret is rotated. The text that stands
 * for a missing value is known to everyone, so it is never a secret.
 */
export function secretsIn(text: string): string[] {
  return text
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "" && secret !== KEY_NOT_SET);
}
