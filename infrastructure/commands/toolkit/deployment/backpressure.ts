import type { Clock } from "../../../../handlers/clients/clock.ts";
import type { OpenDeployment } from "./deployment.ts";

/** The most objects that wait in this process: enough to keep it busy, few enough for its memory. */
const MAX_PENDING = 100;
const POLL_MS = 20;

/** Resolves when fewer than `MAX_PENDING` objects wait in this process, or when `stop` is aborted. */
export async function waitForSpace(
  openDeployment: Pick<OpenDeployment, "pending">,
  clock: Clock,
  stop?: AbortSignal,
): Promise<void> {
  while (openDeployment.pending >= MAX_PENDING && !stop?.aborted) await clock.sleep(POLL_MS);
}
