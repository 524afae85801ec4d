import { defineCommand } from "../toolkit/command.ts";
import { STACK } from "../toolkit/options.ts";

/** Which archive to serve. */
export interface ServeRequest {
  readonly stack?: string | undefined;
}

/** `npm run serve`. */
export const serve = defineCommand({
  name: "serve",
  summary: "Serves the console and the read API of an archive on this machine until it is stopped with Ctrl-C.",
  addOptions: (command) => command.addOption(STACK),
  details: `npm start serves it, too. This command may run beside npm start, on another PORT. It changes nothing, except
if the archive's own page starts an action (docs/api.md).
GET /api/v1/openapi.json describes the paths. On a loopback address (HOST, default 127.0.0.1) only programs on this
machine are answered. On any other address each request needs the token that is printed at the start.
With --stack it uses your AWS credentials, AWS_REGION, and Athena, which charges for each query.`,
  exit: { 0: "stopped", 1: "it could not start" },
  runsUntilStopped: true,
  read: ({ stack }): ServeRequest => ({ stack }),
  load: async () => (await import("./run-serve.ts")).runServe,
});
