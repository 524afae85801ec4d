#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Caches compiled modules between runs, so that a command starts in half the time. The folder is not the system's
// temporary folder, where another user could put code. If it cannot be written, nothing is cached.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/call-archive"));

// Imported here, because only modules that are imported after that call are cached.
const [{ COMMANDS }, { runCommandLine }, { terminalIn }] = await Promise.all([
  import("./all-commands.ts"),
  import("./toolkit/run-command.ts"),
  import("./toolkit/terminal.ts"),
]);

/** Returns a signal that Ctrl-C and SIGTERM abort. A second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  return stop.signal;
}

process.stderr.on("error", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader stopped reading, as `| head` does. That is not a failure, and the command finishes its work.
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
