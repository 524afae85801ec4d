import type { MetricSource, MetricWindow } from "../clients/aws/metric-source.ts";
import type { Log } from "../clients/observability/log.ts";
import { type Problem, problemsIn, QUARTER_HOUR_SECONDS, type Readings, SILENCE_MS } from "./problems.ts";
import { deliveryMetrics, recentMetrics, type Watched } from "./watched-metrics.ts";

/** What the handler needs from outside. */
export interface MonitorDeps {
  readonly metrics: MetricSource;
  readonly watched: Watched;
  readonly now: () => Date;
  readonly log: Log;
}

/** The monitor found problems. Its alarm watches for this failure. */
export class ProblemsFound extends Error {
  override readonly name = "ProblemsFound";

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ problem, detail }) => `${problem}: ${detail}`).join("; "));
  }
}

const HOUR_MS = 60 * 60 * 1000;

/** For how long before the quiet hours a delivery counts: an archive without one in this time is not in use. */
const IN_USE_MS = 28 * 24 * HOUR_MS;

/**
 * Returns a handler that reads the metrics of the archive, logs each problem, and fails if there is one. It also fails
 * if a metric cannot be read.
 *
 * @throws ProblemsFound
 */
export function monitorHandler({ metrics, watched, now, log }: MonitorDeps) {
  return async (_event: unknown): Promise<void> => {
    const problems = problemsIn(await readings(metrics, watched, now()), watched, now());
    for (const { problem, detail } of problems) log({ event: "problem", problem, detail });
    if (problems.length > 0) throw new ProblemsFound(problems);
    log({ event: "no problem" });
  };
}

async function readings(metrics: MetricSource, watched: Watched, until: Date): Promise<Readings> {
  const since = (ms: number, periodSeconds: number): MetricWindow => ({
    from: new Date(until.getTime() - ms),
    until,
    periodSeconds,
  });
  const { reconcilerErrors, ...hourly } = recentMetrics(watched);
  const queries = [
    hourly.deadLetters,
    hourly.oldestMessage,
    hourly.refusals,
    hourly.processorErrors,
    hourly.processorDuration,
    hourly.compactorErrors,
    ...(reconcilerErrors ? [reconcilerErrors] : []),
  ];
  const [
    deadLetters = [],
    oldestMessage = [],
    refusals = [],
    processorErrors = [],
    processorDuration = [],
    compactorErrors = [],
    ofReconciler = [],
  ] = await metrics.read(queries, since(SILENCE_MS, QUARTER_HOUR_SECONDS));
  const deliveries = deliveryMetrics(watched);
  const [invocations = [], objects = []] = await metrics.read(
    [deliveries.invocations, deliveries.objects],
    since(IN_USE_MS + watched.quietHours * HOUR_MS, 3_600),
  );
  return {
    deadLetters,
    oldestMessage,
    refusals,
    processorErrors,
    processorDuration,
    compactorErrors,
    ...(reconcilerErrors && { reconcilerErrors: ofReconciler }),
    invocations,
    objects,
  };
}
