import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { STACK } from "../toolkit/options.ts";

/** Which archive a model reads. */
export interface McpRequest {
  readonly stack?: string | undefined;
  /** Whether answers have phone numbers. */
  readonly showNumbers: boolean;
}

/** `npx call-archive mcp`. */
export const mcp = defineCommand({
  name: "mcp",
  summary: "Answers an assistant's questions about calls over standard input and output (Model Context Protocol).",
  script: "npm run -s mcp --",
  addOptions: (command) =>
    command
      .addOption(STACK)
      .addOption(
        new Option("--show-numbers", "answers have phone numbers, instead of handles for them").default(false),
      ),
  details: `An assistant starts it: docs/mcp.md has the settings for common ones. It only reads. Standard output has the protocol
and nothing else; messages are on standard error. It ends when standard input ends.
With --stack it uses your AWS credentials, AWS_REGION, and Athena, which charges for each query.`,
  exit: { 0: "stopped, or standard input ended", 1: "it could not start" },
  runsUntilStopped: true,
  read: ({ stack, showNumbers }): McpRequest => ({ stack, showNumbers }),
  load: async () => (await import("./run-mcp.ts")).runMcp,
});
