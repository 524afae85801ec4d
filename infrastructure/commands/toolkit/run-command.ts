import { NotLockable } from "../../local/file-lock.client.ts";
import { FolderInUse } from "../../local/folder-lock.client.ts";
import { WrongSetting } from "../../local/settings.ts";
import type { DeclaredCommand } from "./command.ts";
import { commandList } from "./help.ts";
import { notFoundMessage } from "./nearest.ts";
import type { Terminal } from "./terminal.ts";
import { WrongUsage } from "./wrong-usage.ts";

/**
 * Runs the one of `commands` that `argv` names, and returns its exit status.
 *
 * Wrong usage ends with one line that states what to do, and status 2. An error of the system (a port in use, a full
 * disk) ends with one line, and status 1. `help NAME` and `NAME --help` print the command's help.
 *
 * @throws every other error: a fault in this program.
 */
export async function runCommandLine(
  commands: readonly DeclaredCommand[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    await runNamed(commands, argv, terminal);
  } catch (error) {
    const message = messageFor(error);
    if (message === undefined) throw error;
    terminal.printNote(message);
    terminal.exitWith(isWrongUsage(error) ? 2 : 1);
  }
  return terminal.status;
}

async function runNamed(commands: readonly DeclaredCommand[], argv: readonly string[], terminal: Terminal) {
  const isHelpCommand = argv[0] === "help";
  const [name, ...args] = isHelpCommand ? argv.slice(1) : argv;
  if (name === undefined || isHelp(name)) return terminal.print(commandList(commands));
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const names = commands.map((each) => each.name);
    throw new WrongUsage(notFoundMessage("command", name, names));
  }
  const words = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (!isHelpCommand && !words.some(isHelp)) return command.run(args, terminal);
  terminal.print(await command.help(args, terminal.columns));
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

function isWrongUsage(error: unknown): boolean {
  return error instanceof WrongUsage || error instanceof WrongSetting;
}

/** The errors of a file in a folder that cannot be used. */
const NO_FOLDER = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR"]);

function messageFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isWrongUsage(error) || error instanceof FolderInUse || error instanceof NotLockable) return error.message;
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `${error.message}: another process uses this port. Set PORT to another number.`;
  if (typeof code !== "string" || !/^E[A-Z]+$/.test(code)) return undefined;
  const isNoFolder = "path" in error && NO_FOLDER.has(code);
  const remedy = isNoFolder ? ". ARCHIVE_DIR must be a folder that this user may create, read and write" : "";
  return `System error: ${error.message}${remedy}`;
}
