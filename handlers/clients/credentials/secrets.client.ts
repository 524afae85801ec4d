import { type SecretClients, secretReader } from "./secret-reader.client.ts";

/** How long a secret is cached, in seconds. A rotated one is used everywhere after five minutes at the latest. */
const MAX_AGE_SECONDS = 240;

/**
 * A secret of Parameter Store or Secrets Manager, by its ARN. It is read at the first use and again every four minutes.
 *
 * If a later read fails, the last known value is used: a call must not be lost because of it.
 *
 * @throws KeyNotSet if it has no value yet. That is not cached: the next call uses a value that was stored meanwhile.
 */
export function cachedSecret(arn: string, clients?: SecretClients): () => Promise<string> {
  const read = secretReader(arn, MAX_AGE_SECONDS, clients);
  let last: string | undefined;
  return async () => {
    try {
      last = await read();
    } catch (error) {
      if (last === undefined) throw error;
    }
    return last;
  };
}
