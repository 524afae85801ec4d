import { parseArgs } from "node:util";
import { utcDate } from "../../../queries/tables/utc-date.ts";
import { checkDays } from "../toolkit/option-values.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What a person asked for. */
export interface BackfillCommand {
  /** First and last UTC date of the calls' starts. */
  readonly from: string;
  readonly to: string;
  /** The last date if it was said: without it the same words tomorrow mean a day more, and go on all the same. */
  readonly saidTo: string | undefined;
  readonly agent: string | undefined;
  readonly isDryRun: boolean;
  /** Whether to begin anew where an earlier run stopped. */
  readonly again: boolean;
  readonly stack: string | undefined;
}

/**
 * Reads the words after `npm run backfill --`.
 *
 * @throws WrongUsage if the days are none.
 */
export function backfillCommandOf(args: string[], now: Date): BackfillCommand {
  const string = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = { from: string, to: string, agent: string, stack: string, "dry-run": flag, again: flag } as const;
  const { values } = parseArgs({ args, options });
  const { from, to = utcDate(now), agent, stack, again } = values;
  if (from === undefined) throw new WrongUsage("say from which day on: --from 2026-11-01");
  checkDays({ from, to });
  if (from > to) throw new WrongUsage(`--from ${from} is after --to ${to}`);
  return { from, to, saidTo: values.to, agent, isDryRun: values["dry-run"], again, stack };
}
