import { parseArgs } from "node:util";
import { WrongUsage } from "../toolkit/command.ts";
import { FORMATS, type Format } from "../toolkit/present.ts";
import type { AthenaPlace } from "./ask-athena.client.ts";

/** What a person asked for. */
export interface QueryCommand {
  readonly name: string | undefined;
  readonly values: readonly string[];
  readonly format: Format;
  readonly chart: boolean;
  readonly help: boolean;
  /** Where to ask on AWS; not there at all if this machine is asked. */
  readonly athena?: AthenaPlace;
}

/**
 * Reads the words after `npm run query --`. Whether there is such a query, and what its values mean, is not looked at.
 *
 * @throws WrongUsage if an option is unknown or does not fit with another.
 */
export function commandOf(args: string[]): QueryCommand {
  const { values: options, positionals } = parsed(args);
  const format = FORMATS.find((known) => known === options.format);
  if (format === undefined) {
    throw new WrongUsage(`There is no format "${options.format}": it is one of ${FORMATS.join(", ")}.`);
  }
  const { chart, help, athena, stack, workgroup, database } = options;
  if (chart && format !== "table") throw new WrongUsage(`A chart is not written as ${format}: leave one of them out.`);
  if (!athena && [stack, workgroup, database].some((option) => option !== undefined)) {
    throw new WrongUsage("--stack, --workgroup and --database say where to ask on AWS: add --athena.");
  }
  if ((workgroup === undefined) !== (database === undefined)) {
    throw new WrongUsage("--workgroup and --database go together: give both, or let the stack say them.");
  }
  const [name, ...values] = positionals;
  const place = workgroup && database ? { workgroup, database } : { stack: stack ?? "CallArchive" };
  return { name, values, format, chart, help, ...(athena ? { athena: place } : {}) };
}

function parsed(args: string[]) {
  const string = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        format: { ...string, default: "table" },
        chart: flag,
        athena: flag,
        stack: string,
        workgroup: string,
        database: string,
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
