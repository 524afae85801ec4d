import { secretReader } from "./secret-reader.client.ts";

/** How long a secret is used, in milliseconds. A rotated one is used everywhere after five minutes at the latest. */
const MAX_AGE_MS = 4 * 60_000;

/**
 * A secret of Parameter Store or Secrets Manager, by its ARN. It is read at the first use and again every four minutes.
 *
 * If a later read fails, the last known value is used: a call must not be lost because of it.
 *
 * @throws KeyNotSet if it has no value yet. That is not cached: the next call uses a value that was stored meanwhile.
 */
export function cachedSecret(arn: string, read = secretReader(arn)): () => Promise<string> {
  let last: { readonly value: string; readonly readAt: number } | undefined;
  return async () => {
    const now = Date.now();
    if (last && now - last.readAt < MAX_AGE_MS) return last.value;
    try {
      last = { value: await read(), readAt: now };
    } catch (error) {
      if (last === undefined) throw error;
    }
    return last.value;
  };
}
