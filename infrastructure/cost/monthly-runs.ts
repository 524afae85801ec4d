import { MONTH_DAYS, MONTH_HOURS } from "./cost-input.ts";

const MINUTES = { minute: 1, hour: 60, day: 24 * 60 };

/**
 * The runs in a month of a schedule such as `rate(5 minutes)`, `cron(17 * * * ? *)` or `cron(0 3 * * ? *)`.
 *
 * @throws if it is another one.
 */
export function monthlyRuns(schedule: string | null): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule ?? "") ?? [];
  if (unit === "minute" || unit === "hour" || unit === "day")
    return (60 * MONTH_HOURS) / (Number(count) * MINUTES[unit]);
  const [, hour] = /^cron\(\d+ (\d+|\*) \* \* \? \*\)$/.exec(schedule ?? "") ?? [];
  if (hour === undefined) throw new Error(`the schedule ${schedule} has no price here`);
  return hour === "*" ? MONTH_HOURS : MONTH_DAYS;
}
