import type { Verifying } from "../../../handlers/verify/verifying.ts";
import type { Installation } from "../toolkit/installation/installation.ts";

/** What verifying an installation needs. Its secrets are read once, when there is a signature to check. */
export async function verifyingOf(installation: Installation, readsRecordings: boolean): Promise<Verifying> {
  let secrets: ReturnType<Installation["webhookSecrets"]> | undefined;
  return {
    archive: installation.archive,
    analytics: installation.analytics,
    secrets: () => {
      secrets ??= installation.webhookSecrets();
      return secrets;
    },
    remembers: installation.remembers,
    memories: installation.memories,
    isCopy: await installation.isCopy(),
    fetches: (await installation.elevenLabs()) !== undefined,
    readsRecordings,
    now: () => new Date(),
  };
}
