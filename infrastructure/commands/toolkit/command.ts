import { NotLockable } from "../../local/file-lock.client.ts";
import { FolderInUse } from "../../local/folder-lock.client.ts";
import { WrongSetting } from "../../local/settings.ts";

/** The command was called in a way it does not understand. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}

/**
 * Runs `main` as a command that a person started.
 *
 * `--help` prints `help`. A mistake of the person's ends with one line that says what to do and status 2; what
 * the machine refuses (a port in use, a full disk) with one line and status 1. A fault of ours shows its stack.
 * Whoever read the output may go away (`| head`): what was begun is done all the same.
 */
export async function runAsCommand(help: string, main: () => Promise<void>): Promise<void> {
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    process.stdout.write(`${help}\n`);
    return;
  }
  try {
    await main();
  } catch (error) {
    const message = messageFor(error);
    if (message === undefined) throw error;
    process.stderr.write(`${message}\n`);
    process.exitCode = isMistake(error) ? 2 : 1;
  }
}

function isMistake(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return error instanceof WrongUsage || error instanceof WrongSetting || code.startsWith("ERR_PARSE_ARGS");
}

function messageFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isMistake(error)) return `${error.message}\nRun it with --help to see how it is used.`;
  if (error instanceof FolderInUse || error instanceof NotLockable) return error.message;
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `${error.message}: something else listens there. Set PORT to another number.`;
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) return `The system refused: ${error.message}`;
  return undefined;
}
