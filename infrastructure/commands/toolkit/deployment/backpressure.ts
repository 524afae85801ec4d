import type { Clock } from "../../../../handlers/clients/clock.ts";
import type { OpenDeployment } from "./deployment.ts";

/** How many may wait in this process: enough that none of its hands is idle, and no more in memory than that. */
const MAX_PENDING = 100;
const POLL_MS = 20;

/** Resolves when fewer objects wait in this process than may, or when it is to stop. */
export async function waitForSpace(
  openDeployment: Pick<OpenDeployment, "pending">,
  clock: Clock,
  stop?: AbortSignal,
): Promise<void> {
  while (openDeployment.pending >= MAX_PENDING && !stop?.aborted) await clock.sleep(POLL_MS);
}
