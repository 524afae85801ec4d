import { defineCommand } from "../toolkit/command.ts";

/** `npm start`. */
export const start = defineCommand({
  name: "start",
  script: "npm start",
  summary: "Runs the archive on this machine until it is stopped with Ctrl-C.",
  words: (command) => command,
  details: `Deliveries come in at POST /post-call, GET /health says what is pending, and a JSON file that is put into
archive/{caller}/ by hand is processed like one that was delivered. Past days are closed by themselves. Each decision
is a line of JSON on standard output. docs/reference.md lists the settings, which are environment variables.`,
  exit: { 0: "stopped, what is pending is found again at the next start", 1: "it could not start" },
  read: () => undefined,
  load: async () => (await import("./run-start.ts")).runStart,
});
