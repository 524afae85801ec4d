/** The secrets in `text`, which separates them by commas: several are valid at once while one takes over from another. */
export function secretsIn(text: string): string[] {
  return text
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");
}
