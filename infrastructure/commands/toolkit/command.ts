import { Command, type OptionValues } from "@commander-js/extra-typings";
import { helpText } from "./help.ts";
import { argumentsAmong, parseArguments } from "./parse-arguments.ts";
import type { Terminal } from "./terminal.ts";

/** All that is written of a command. Help, parsing and suggestions follow from it. */
interface Declaration<Args extends unknown[], Options extends OptionValues, Request> {
  readonly name: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** How npm runs it; `npm run NAME --` unless it is given. */
  readonly script?: string;
  /** Adds its arguments and options to an empty command. */
  readonly words: (command: Command) => Command<Args, Options>;
  /** What the summary and the options leave open. */
  readonly details?: string;
  /** What stands after the name of the command. */
  readonly examples?: readonly string[];
  /** What 0 means, and 1; 2 and 130 mean the same of every command. */
  readonly exit: { readonly 0: string; readonly 1?: string };
  /**
   * What is asked for in these words. Nothing is opened and nobody is asked yet.
   *
   * @throws WrongUsage if they do not go together.
   */
  readonly read: (options: Options, args: Args) => Request;
  /** Help on what the arguments name, which takes the place of the help on the command where there is some. */
  readonly helpOn?: (args: readonly string[]) => Promise<string | undefined>;
  /** Loads what the command runs: only then, so that help and mistakes wait for nothing. */
  readonly load: () => Promise<(request: Request, terminal: Terminal) => Promise<void>>;
}

/** A command that can be run and explained. */
export interface DeclaredCommand<Request = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Help on the command, or on what the arguments among `args` name. */
  help(args: readonly string[], columns: number | undefined): Promise<string>;
  /**
   * What is asked for by the words after the command's name.
   *
   * @throws WrongUsage if they are not understood.
   */
  requestFrom(args: readonly string[]): Request;
  /** @throws WrongUsage before anything is done, if the words are not understood. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** Makes a command of its declaration. */
export function defineCommand<Args extends unknown[], Options extends OptionValues, Request>(
  declaration: Declaration<Args, Options, Request>,
): DeclaredCommand<Request> {
  const { name, summary, words, read, load, helpOn } = declaration;
  const requestFrom = (args: readonly string[]) => {
    const { options, values } = parseArguments(words(new Command(name)), args);
    return read(options, values);
  };
  return {
    name,
    summary,
    requestFrom,
    async help(args, columns) {
      const command = words(new Command(name));
      return (await helpOn?.(argumentsAmong(args, command))) ?? helpText(command, declaration, columns);
    },
    async run(args, terminal) {
      const request = requestFrom(args);
      const run = await load();
      await run(request, terminal);
    },
  };
}
