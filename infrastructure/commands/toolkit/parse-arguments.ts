import { type Command, CommanderError, type OptionValues } from "@commander-js/extra-typings";
import { checkRange } from "./options.ts";
import { WrongUsage } from "./wrong-usage.ts";

/**
 * Parses the options and arguments of `command` in `args`.
 *
 * @throws WrongUsage with one line that states the problem and a likely correction.
 */
export function parseArguments<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
  args: readonly string[],
): { readonly options: Options; readonly values: Args } {
  const silent = { writeOut: () => {}, writeErr: () => {} };
  command.exitOverride().configureOutput(silent).helpOption(false).allowExcessArguments();
  checkValues(command, args);
  try {
    command.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new WrongUsage(errorSentence(error, command.registeredArguments.length > 0), { cause: error });
  }
  checkArguments(command);
  const options = command.opts();
  checkRange(options);
  return { options, values: command.processedArgs };
}

/** Without this check, commander accepts `--to` as the value in `--from --to`. */
function checkValues({ options }: Pick<Command, "options">, args: readonly string[]): void {
  const words = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  for (const [n, word] of words.entries()) {
    const option = options.find(({ long, required }) => required && long === word);
    const value = words[n + 1];
    if (!option || (value !== undefined && !/^-./.test(value))) continue;
    const hint = value === undefined ? "" : `. Write a value that begins with a dash as ${word}=${value}`;
    throw new WrongUsage(`Option '${option.flags}' needs a value${hint}`);
  }
}

/** Returns those of `args` that are neither options nor values of options. */
export function argumentsAmong(args: readonly string[], { options }: Pick<Command, "options">): readonly string[] {
  const takesValue = (word: string | undefined) => options.some(({ long, required }) => required && long === word);
  return args.filter((word, n) => !word.startsWith("-") && !takesValue(args[n - 1]));
}

function checkArguments({ args, registeredArguments }: Pick<Command, "args" | "registeredArguments">): void {
  if (registeredArguments.at(-1)?.variadic) return;
  const excess = args[registeredArguments.length];
  if (excess !== undefined) throw new WrongUsage(`Unexpected argument '${excess}'`);
}

/**
 * Rewrites commander's message: `error: unknown option '--atena'`, then `(Did you mean --athena?)` on the next line.
 */
function errorSentence({ code, message }: CommanderError, takesArguments: boolean): string {
  const [problem = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1);
  if (suggestion !== undefined) return `${sentence}. ${suggestion.replace(/^\((.*)\)$/, "$1")}`;
  const isValue = code === "commander.unknownOption" && takesArguments;
  return isValue ? `${sentence}. Put a value that begins with a dash after '--'.` : sentence;
}
