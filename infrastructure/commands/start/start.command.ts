import { defineCommand } from "../toolkit/command.ts";

/** `npm start`. */
export const start = defineCommand({
  name: "start",
  script: "npm start",
  summary: "Runs the archive on this machine until it is stopped with Ctrl-C.",
  addOptions: (command) => command,
  details: `It receives deliveries at POST /post-call. GET /health returns the number of pending objects. A JSON file
that you put into archive/{caller}/ is processed like a delivery. Past days are closed automatically.
Standard output is the log, one line of JSON per decision. docs/reference.md lists the settings, which are
environment variables.`,
  exit: { 0: "stopped; the next start continues with pending objects", 1: "it could not start" },
  runsUntilStopped: true,
  read: () => undefined,
  load: async () => (await import("./run-start.ts")).runStart,
});
