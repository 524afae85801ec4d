import { defineCommand } from "../toolkit/command.ts";

/** `npm run build`. */
export const build = defineCommand({
  name: "build",
  summary: "Bundles the Lambda functions into dist/, minified, and prints their sizes.",
  addOptions: (command) => command,
  exit: { 0: "each bundle is within its size budget", 1: "a bundle is too large" },
  read: () => undefined,
  load: async () => (await import("./run-build.ts")).runBuild,
});
