/** The command that lists quarantined objects and dead letters. */
const SEE_REDRIVE = "npm run redrive lists them with reasons";

/** The body of `GET /health`. */
export interface HealthReport {
  readonly status: "ok" | "degraded";
  /** Objects that wait for processing, or are being processed. */
  readonly pending: number;
  /** Dead letters. */
  readonly failed: number;
  /** Calls whose recording is requested later. */
  readonly waiting: number;
  /** The problems that a person should look at, with remedies. Only if degraded. */
  readonly reason?: string;
}

/** The state of an archive, from which the report is made. */
export interface Condition extends Pick<HealthReport, "pending" | "failed" | "waiting"> {
  /** Objects under `_quarantine/`. */
  readonly quarantined: number;
  /** The problem of the clock, if it has one. */
  readonly clock: string | undefined;
  /** The problem of the recovery after the start, if it had one. */
  readonly recovery: string | undefined;
}

/** The health of an archive: degraded, with reasons, if it needs a person. */
export function healthReport({ pending, failed, waiting, quarantined, clock, recovery }: Condition): HealthReport {
  const reasons = [
    ...(quarantined > 0
      ? [`${countText(quarantined, "delivery is", "deliveries are")} quarantined: ${SEE_REDRIVE}`]
      : []),
    ...(failed > 0 ? [`${countText(failed, "object is", "objects are")} in the dead letters: ${SEE_REDRIVE}`] : []),
    ...(clock === undefined ? [] : [clock]),
    ...(recovery === undefined ? [] : [recovery]),
  ];
  const counts = { pending, failed, waiting };
  return reasons.length === 0
    ? { status: "ok", ...counts }
    : { status: "degraded", ...counts, reason: reasons.join("; ") };
}

function countText(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
