/** The secrets in `text`, separated by commas. Several are valid at once while a secret is rotated. */
export function secretsIn(text: string): string[] {
  return text
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");
}
