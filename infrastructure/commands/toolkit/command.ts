import { Command, type OptionValues } from "@commander-js/extra-typings";
import { helpText } from "./help.ts";
import { argumentsAmong, parseArguments } from "./parse-arguments.ts";
import type { Terminal } from "./terminal.ts";

/** The declaration of a command. Its help, parsing and suggestions are derived from it. */
interface Declaration<Args extends unknown[], Options extends OptionValues, Request> {
  readonly name: string;
  /** What the command does, in one sentence. */
  readonly summary: string;
  /** How npm runs it. Default: `npm run NAME --`. */
  readonly script?: string;
  /** Adds the arguments and options to an empty command. */
  readonly addOptions: (command: Command) => Command<Args, Options>;
  /** What the summary and the options do not explain. */
  readonly details?: string;
  /** Each is what follows the name of the command. */
  readonly examples?: readonly string[];
  /** The meaning of exit status 0 and 1. 2 and 130 mean the same for every command. */
  readonly exit: { readonly 0: string; readonly 1?: string };
  /** The command has no end before Ctrl-C, so it ends with 0 then, and never with 130. */
  readonly runsUntilStopped?: true;
  /**
   * Returns the request. Opens no archive and sends no request yet.
   *
   * @throws WrongUsage if the options contradict each other.
   */
  readonly read: (options: Options, args: Args) => Request;
  /** Returns help on what the arguments name, if there is any. It replaces the help on the command. */
  readonly helpOn?: (args: readonly string[]) => Promise<string | undefined>;
  /** Loads the code that runs the command. Loaded last, so that help and usage errors are fast. */
  readonly load: () => Promise<(request: Request, terminal: Terminal) => Promise<void>>;
}

/** A command that can be run and explained. */
export interface DeclaredCommand<Request = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Returns help on the command, or on what the arguments among `args` name. */
  help(args: readonly string[], columns: number | undefined): Promise<string>;
  /**
   * Parses the words after the command's name.
   *
   * @throws WrongUsage if they are not valid.
   */
  requestFrom(args: readonly string[]): Request;
  /** @throws WrongUsage, before anything is done, if the words are not valid. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** Creates a command from its declaration. */
export function defineCommand<Args extends unknown[], Options extends OptionValues, Request>(
  declaration: Declaration<Args, Options, Request>,
): DeclaredCommand<Request> {
  const { name, summary, addOptions, read, load, helpOn } = declaration;
  const requestFrom = (args: readonly string[]) => {
    const { options, values } = parseArguments(addOptions(new Command(name)), args);
    return read(options, values);
  };
  return {
    name,
    summary,
    requestFrom,
    async help(args, columns) {
      const command = addOptions(new Command(name));
      return (await helpOn?.(argumentsAmong(args, command))) ?? helpText(command, declaration, columns);
    },
    async run(args, terminal) {
      const request = requestFrom(args);
      const run = await load();
      await run(request, terminal);
    },
  };
}
