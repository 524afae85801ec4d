import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** The content of a help text, besides arguments and options. */
interface HelpContent {
  readonly name: string;
  readonly summary: string;
  readonly script?: string;
  readonly details?: string;
  readonly examples?: readonly string[];
  readonly exit: { readonly 0: string; readonly 1?: string };
  readonly runsUntilStopped?: true;
}

/** How the program with all commands is started. */
const ENTRY = "npx call-archive";

/** The width of lines if the width of the terminal is unknown. */
const COLUMNS = 110;

/** The exit statuses that mean the same for every command that has them. */
const ALWAYS = { 2: "wrong usage; nothing was done" };
const STOPPED = { 130: "stopped by Ctrl-C before the end" };

/** Returns the help on a command with the arguments and options of `command`. */
export function helpText(command: CommandUnknownOpts, explained: HelpContent, columns = COLUMNS): string {
  const { name, summary, details, examples, exit, runsUntilStopped } = explained;
  const words = [
    ...command.registeredArguments.map(argumentText),
    ...(command.options.length > 0 ? ["[options]"] : []),
  ];
  const usage = [`${scriptOf(explained)}`, `${ENTRY} ${name}`].map((start) =>
    [start, ...words].join(" ").replace(/ --$/, ""),
  );
  command
    .description("")
    .helpOption("-h, --help", "prints this help")
    .configureHelp({ helpWidth: columns, commandUsage: () => usage.join("\n       "), optionDescription });
  return [
    `${summary}\n`,
    command.helpInformation(),
    ...(details === undefined ? [] : [`${details}\n`]),
    ...(examples === undefined
      ? []
      : [`Examples:\n${examples.map((each) => `  ${scriptOf(explained)} ${each}\n`).join("")}`]),
    `Exit status:\n${Object.entries({ ...exit, ...ALWAYS, ...(runsUntilStopped ? {} : STOPPED) })
      .map(([status, meaning]) => `  ${status.padEnd(3)}  ${meaning}\n`)
      .join("")}`,
  ].join("\n");
}

/** Returns the list of all commands with their summaries. */
export function commandList(commands: readonly Pick<HelpContent, "name" | "summary">[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `The system of record for ElevenLabs voice-agent calls.

Usage: ${ENTRY} COMMAND [options]

${lines.join("")}
Help on a command: ${ENTRY} help COMMAND, or ${ENTRY} COMMAND --help
`;
}

/** Leaves out the default of a switch, which is always off. */
function optionDescription({ description, defaultValue }: Option): string {
  return typeof defaultValue === "string" ? `${description} (default: ${defaultValue})` : description;
}

function scriptOf({ name, script }: Pick<HelpContent, "name" | "script">): string {
  return script ?? `npm run ${name} --`;
}

function argumentText(argument: CommandUnknownOpts["registeredArguments"][number]): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}
