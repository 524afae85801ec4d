import { defineCommand } from "../toolkit/command.ts";
import { DEMO_FOLDER } from "./demo-folder.ts";

/** What follows the demo. */
export interface DemoRequest {
  /** Whether the archive keeps running, and its console is opened in the browser. */
  readonly open: boolean;
}

/** `npm run demo`. */
export const demo = defineCommand({
  name: "demo",
  summary: "Shows the whole archive at work with invented calls. Needs no account and no network.",
  addOptions: (command) =>
    command.option("--open", "then opens the console in the browser, and runs until it is stopped with Ctrl-C"),
  details: `Empties the folder ${DEMO_FOLDER} and starts an archive on it. Posts the signed webhooks of some calls over
HTTP: some recordings arrive before their transcriptions, some webhooks arrive twice. When all calls are
processed, it prints the stored files, closes past days, and prints the results of three queries and the
memory of one caller. With --open, the console listens on PORT, or on a free port.`,
  examples: ["", "--open"],
  exit: {
    0: "every object is stored as it was sent; with --open, also when it is stopped afterwards",
    1: "an object is missing or different",
  },
  read: ({ open = false }): DemoRequest => ({ open }),
  load: async () => (await import("./run-demo.client.ts")).runDemo,
});
