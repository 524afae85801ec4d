import { presignedAddress } from "../../../../handlers/clients/archive/presigned.client.ts";
import { athena } from "../../../../handlers/clients/aws/athena.client.ts";
import { athenaEngine } from "../../../../handlers/clients/aws/athena-engine.ts";
import { SecretStoreFailed } from "../../../../handlers/clients/credentials/secret-store-failed.ts";
import { REUSE_MINUTES, type ReadDeps } from "../../../../handlers/read/read-deps.ts";
import { cachedFor } from "../../../local/cached-for.ts";
import { savedQueries } from "../../../local/folder-read-deps.ts";
import type { StackDeployment } from "./stack-deployment.client.ts";

/** Who may read the secrets, and which are valid, changes rarely. */
const SECRETS_MS = 60_000;

/**
 * What the read API reads in a deployed stack, with the caller's own rights. Without the right to read the webhook's
 * secret there is none, and the signature of a call is `unknown secret`.
 */
export function stackReadDeps(stack: StackDeployment, now: () => Date): ReadDeps {
  const { archive, analytics, outputs } = stack;
  const [workgroup, database] = [outputs.output("WorkgroupName"), outputs.output("DatabaseName")];
  return {
    archive,
    analytics,
    ...savedQueries(),
    engine: athenaEngine(athena({ workgroup, database, reuseMinutes: REUSE_MINUTES })),
    searchesByDays: false,
    direct: { address: presignedAddress(outputs.output("ArchiveBucketName")), mostBytes: Number.POSITIVE_INFINITY },
    secrets: cachedFor(SECRETS_MS, () => stack.webhookSecrets().catch(noneIfUnreadable)),
    now,
  };
}

function noneIfUnreadable(error: unknown): readonly string[] {
  if (error instanceof SecretStoreFailed) return [];
  throw error;
}
