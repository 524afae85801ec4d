import { defineCommand } from "../toolkit/command.ts";
import { DEMO_FOLDER } from "./demo-folder.ts";

/** `npm run demo`. */
export const demo = defineCommand({
  name: "demo",
  summary: "Shows the whole archive at work on invented calls, without any account or network.",
  words: (command) => command,
  details: `Starts the archive on the folder ${DEMO_FOLDER}, which it empties first, posts the signed webhooks of some calls
over HTTP (some recordings before their transcriptions, some webhooks twice), waits until they are processed,
and shows what is there: the tree, past days as they are closed, three answers and one caller's memory.`,
  exit: { 0: "everything arrived as it was sent", 1: "something did not" },
  read: () => undefined,
  load: async () => (await import("./run-demo.client.ts")).runDemo,
});
