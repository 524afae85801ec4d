import type { VerifyDeps } from "../../../../handlers/verify/verify-deps.ts";
import type { Deployment } from "../deployment/deployment.ts";

/** Returns what verifying a deployment needs. Secrets are read once, when the first signature is checked. */
export async function verifyDepsOf(deployment: Deployment, readsRecordings: boolean): Promise<VerifyDeps> {
  let secrets: ReturnType<Deployment["webhookSecrets"]> | undefined;
  return {
    archive: deployment.archive,
    analytics: deployment.analytics,
    secrets: () => {
      secrets ??= deployment.webhookSecrets();
      return secrets;
    },
    remembers: deployment.remembers,
    memories: deployment.memories,
    defaultCountryCode: deployment.defaultCountryCode,
    isCopy: await deployment.isCopy(),
    fetches: (await deployment.elevenLabs()) !== undefined,
    readsRecordings,
    now: () => new Date(),
  };
}
