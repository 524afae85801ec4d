import type { EnvironmentReader, Variables } from "../credentials/environment.client.ts";
import { cachedSecret } from "../credentials/secrets.client.ts";
import { mem0Memories } from "./mem0.client.ts";
import type { Memories } from "./memories.ts";
import { memoriesPerKey } from "./memories-per-key.ts";

/**
 * The variables of a function that remembers callers. The library `mem0ai` needs `MEM0_DIR` and `MEM0_TELEMETRY`:
 * without them it would write to a read-only disk and report to a third party.
 */
export interface MemoryVariables extends Variables {
  readonly required: "MEM0_DIR" | "MEM0_TELEMETRY";
  /** Without the secret no caller is remembered. The default address is Mem0's own. */
  readonly optional: "MEM0_SECRET_ARN" | "MEM0_HOST";
}

/** The memory service of a deployed archive, which is Mem0; `undefined` if callers are not remembered. */
export function deployedMemories({
  optional,
}: Pick<EnvironmentReader<MemoryVariables>, "optional">): Memories | undefined {
  const secret = optional("MEM0_SECRET_ARN");
  if (secret === undefined) return undefined;
  const host = optional("MEM0_HOST");
  return memoriesPerKey(cachedSecret(secret), (apiKey) => mem0Memories({ apiKey, ...(host && { host }) }));
}
