import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { format, STACK } from "../toolkit/options.ts";
import { FORMATS, type Format } from "../toolkit/present.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { AthenaTarget } from "./query-athena.client.ts";

/** Which saved query to run, and how. */
export interface QueryRequest {
  /** `undefined` to list the queries. */
  readonly name: string | undefined;
  readonly values: readonly string[];
  readonly format: Format;
  readonly chart: boolean;
  /** Where the query runs on AWS. Without it, the query runs on this machine. */
  readonly athena?: AthenaTarget;
}

/** `npm run query`. The name and the values are checked when the query runs. */
export const query = defineCommand({
  name: "query",
  summary: "Runs a saved query on the archive. Without a name, lists all saved queries.",
  addOptions: (command) =>
    command
      .argument("[name]", "the query; add --help for its description and its values")
      .argument("[value...]", "its values, in the order of its help, or as name=value")
      .addOption(format(FORMATS))
      .addOption(new Option("--chart", "draws the result, for queries that have a chart").default(false))
      .addOption(new Option("--athena", "runs the query on the archive that is deployed on AWS").default(false))
      .addOption(STACK)
      .addOption(new Option("--workgroup <name>", "with --athena: this workgroup, instead of the stack's"))
      .addOption(new Option("--database <name>", "with --workgroup: this database")),
  details: `Dates are in UTC: 2026-11-01, today or "30 days ago". Give required values first, or all values in the order
of the query's parameters. Each value can also be given by name.
Put a value that begins with a dash after --.

With --athena, the stack is CallArchive by default. It needs AWS credentials, AWS_REGION, and the rights of
the stack's policy for analysts. Standard error shows how much Athena read and what that costs. Ctrl-C also
stops the query on Athena.`,
  examples: [
    "calls-per-day 2026-11-01 2026-11-30",
    'find-phrase "opening hours" speaker=user --format json',
    'slow-turns from="7 days ago" --chart --athena',
  ],
  exit: { 0: "the query ran", 1: "the query failed" },
  read({ athena, stack, workgroup, database, ...options }, [name, values]): QueryRequest {
    if (name === undefined && (options.format !== "table" || options.chart || athena))
      throw new WrongUsage("--format, --chart and --athena need the name of a query, for example calls-per-day.");
    if (options.chart && options.format !== "table")
      throw new WrongUsage(`--chart does not go with --format ${options.format}: leave one of them out.`);
    if (!athena && [stack, workgroup, database].some((option) => option !== undefined))
      throw new WrongUsage("--stack, --workgroup and --database are for queries on AWS: add --athena.");
    if ((workgroup === undefined) !== (database === undefined))
      throw new WrongUsage("--workgroup and --database go together: give both, or leave both out to use the stack's.");
    const place = workgroup && database ? { workgroup, database } : { stack: stack ?? "CallArchive" };
    return { name, values, ...options, ...(athena ? { athena: place } : {}) };
  },
  helpOn: async ([name]) => name && (await import("./run-query.ts")).helpOn(name),
  load: async () => (await import("./run-query.ts")).runQuery,
});
