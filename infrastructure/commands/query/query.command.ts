import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { format, STACK } from "../toolkit/options.ts";
import { FORMATS, type Format } from "../toolkit/present.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { AthenaTarget } from "./query-athena.client.ts";

/** The question that a person asks. */
export interface QueryRequest {
  /** Not there if the questions are to be listed. */
  readonly name: string | undefined;
  readonly values: readonly string[];
  readonly format: Format;
  readonly chart: boolean;
  /** Where to ask on AWS; not there at all if this machine is asked. */
  readonly athena?: AthenaTarget;
}

/** `npm run query`. Whether there is such a question, and what its values mean, is seen when it runs. */
export const query = defineCommand({
  name: "query",
  summary: "Asks the archive a question; lists the questions if none is named.",
  words: (command) =>
    command
      .argument("[name]", "the question; --help after it says what it answers, and which values it takes")
      .argument("[value...]", "its values, in the order of its help or as name=value")
      .addOption(format(FORMATS))
      .addOption(new Option("--chart", "draws the answer, where it has a natural chart").default(false))
      .addOption(new Option("--athena", "asks the archive that is deployed on AWS").default(false))
      .addOption(STACK)
      .addOption(new Option("--workgroup <name>", "with --athena: this workgroup, without a look at the stack"))
      .addOption(new Option("--database <name>", "with --workgroup: this database")),
  details: `Dates are UTC, written as 2026-11-01, today or "30 days ago". Values begin with what must be given, or are in the
order of the query's own parameters; each may be given by its name, too.
A value that begins with a dash comes after --.

With --athena, the stack is CallArchive unless it is named. It takes credentials, AWS_REGION, and the rights of the stack's
policy for analysts; what it read and what that costs is said on standard error, and Ctrl-C stops it there.`,
  examples: [
    "calls-per-day 2026-11-01 2026-11-30",
    'find-phrase "opening hours" speaker=user --format json',
    'slow-turns from="7 days ago" --chart --athena',
  ],
  exit: { 0: "answered", 1: "could not be answered" },
  read({ athena, stack, workgroup, database, ...options }, [name, values]): QueryRequest {
    if (name === undefined && (options.format !== "table" || options.chart || athena))
      throw new WrongUsage("--format, --chart and --athena go with a question: name one, as in calls-per-day.");
    if (options.chart && options.format !== "table")
      throw new WrongUsage(`A chart is not written as ${options.format}: leave one of them out.`);
    if (!athena && [stack, workgroup, database].some((option) => option !== undefined))
      throw new WrongUsage("--stack, --workgroup and --database say where to ask on AWS: add --athena.");
    if ((workgroup === undefined) !== (database === undefined))
      throw new WrongUsage("--workgroup and --database go together: give both, or let the stack say them.");
    const place = workgroup && database ? { workgroup, database } : { stack: stack ?? "CallArchive" };
    return { name, values, ...options, ...(athena ? { athena: place } : {}) };
  },
  helpOn: async ([name]) => name && (await import("./run-query.ts")).helpOn(name),
  load: async () => (await import("./run-query.ts")).runQuery,
});
