/** Lists what is quarantined and what is in the dead letters, with reasons. */
const SEE_REDRIVE = "npm run redrive lists what and why";

/** What `GET /health` says. */
export interface HealthReport {
  readonly status: "ok" | "degraded";
  /** Objects that wait to be processed, or are being processed. */
  readonly pending: number;
  /** Dead letters. */
  readonly failed: number;
  /** Recordings that are asked for later. */
  readonly waiting: number;
  /** What a person should do something about. */
  readonly reason?: string;
}

/** What is known of an archive. */
export interface Condition extends Pick<HealthReport, "pending" | "failed" | "waiting"> {
  /** Objects under `_quarantine/`. */
  readonly quarantined: number;
  /** What is wrong with the clock, if something is. */
  readonly clock: string | undefined;
}

/** How an archive is, with a reason where a person should look at it. */
export function healthReport({ pending, failed, waiting, quarantined, clock }: Condition): HealthReport {
  const reasons = [
    ...(quarantined > 0
      ? [`${countText(quarantined, "delivery is", "deliveries are")} quarantined: ${SEE_REDRIVE}`]
      : []),
    ...(failed > 0 ? [`${countText(failed, "object is", "objects are")} in the dead letters: ${SEE_REDRIVE}`] : []),
    ...(clock === undefined ? [] : [clock]),
  ];
  const counts = { pending, failed, waiting };
  return reasons.length === 0
    ? { status: "ok", ...counts }
    : { status: "degraded", ...counts, reason: reasons.join("; ") };
}

function countText(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
