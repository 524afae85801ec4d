import { COMMANDS } from "./all-commands.ts";
import { runCommandLine } from "./toolkit/run-command.ts";
import { terminalIn } from "./toolkit/terminal.ts";

/** Ctrl-C and SIGTERM stop what is running; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Runs the command that this process was started with, and sets its exit status. */
export async function runThisProcess(): Promise<void> {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `| head` has read enough: that is no failure, and what was begun is done all the same.
    if (error.code === "EPIPE") return;
    process.stderr.write(`The output could not be written: ${error.message}\n`);
    process.exitCode = 1;
  });

  const terminal = terminalIn({
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    stopSignal,
  });
  const status = await runCommandLine(COMMANDS, process.argv.slice(2), terminal);
  if (status !== 0) process.exitCode = status;
}
