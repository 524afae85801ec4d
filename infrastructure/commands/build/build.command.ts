import { defineCommand } from "../toolkit/command.ts";

/** `npm run build`. */
export const build = defineCommand({
  name: "build",
  summary: "Bundles the Lambda functions into dist/, minified, and prints their sizes.",
  words: (command) => command,
  exit: { 0: "each is within its budget", 1: "one is not" },
  read: () => undefined,
  load: async () => (await import("./run-build.ts")).runBuild,
});
