import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { format, STACK, YES } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What to do with which objects. */
export interface RedriveRequest {
  readonly action: "list" | "send" | "drop";
  /** Empty for all objects. */
  readonly keys: readonly string[];
  /** Whether `--all` with `--yes` includes quarantined objects. */
  readonly quarantined: boolean;
  readonly yes: boolean;
  readonly format: "table" | "json";
  readonly stack: string | undefined;
}

/** `npm run redrive`. */
export const redrive = defineCommand({
  name: "redrive",
  summary: "Lists objects that were not processed, with the reasons, and sends them back to be processed.",
  addOptions: (command) =>
    command
      .argument("[key...]", "the keys of the objects; without keys, the list has all objects")
      .addOption(
        new Option("--send", "sends the objects back to be processed; steps that are done are not repeated").default(
          false,
        ),
      )
      .addOption(new Option("--drop", "forgets dead letters; their objects stay in the archive").default(false))
      .addOption(new Option("--all", "with --send or --drop: all objects in the list").default(false))
      .addOption(new Option("--quarantined", "with --send --all --yes: also the quarantined objects").default(false))
      .addOption(YES)
      .addOption(format(["table", "json"]))
      .addOption(STACK),
  details: `The list has three kinds of objects:

  dead letters  processing failed for good. Repair the cause, then send them back to be processed again
  unrouted      under _other/. --send moves those that this version understands to their calls
  quarantined   under _quarantine/: signed correctly, but long before or after the receipt. This happens after
                an outage, with a wrong clock, or if an old delivery is replayed. --send moves them to their calls

With --yes, --all leaves out quarantined objects. A quarantined object is moved only if a known secret
signed it (ELEVENLABS_WEBHOOK_SECRET; several are separated by commas). No delivery is replaced: if the call
already has other bytes, the object stays. An object of a type that this version does not know stays, too.

In a folder, a running archive processes the objects. If none runs, this command does: it tries for about a
minute, and lists what failed again. An archive that starts in a folder tries everything that is not done,
including forgotten dead letters. On a stack, dead letters return to the queue.`,
  examples: ["--send --all", "--drop 16125550100/conv_1.json --yes"],
  exit: { 0: "done, or there are none", 1: "some objects were not sent back, or failed again" },
  read({ send, drop, all, ...options }, [keys]): RedriveRequest {
    const { quarantined } = options;
    if (send && drop) throw new WrongUsage("--send and --drop exclude each other: use one of them");
    if (all && keys.length > 0) throw new WrongUsage("Name the objects or use --all, not both");
    if (quarantined && !(send && all))
      throw new WrongUsage("--quarantined needs --send --all. Without --all, name the objects");
    const action = send ? "send" : drop ? "drop" : "list";
    if (action !== "list" && !all && keys.length === 0)
      throw new WrongUsage(`--${action} needs the keys of objects, or --all`);
    const { yes, format, stack } = options;
    if (action !== "list" && format === "json")
      throw new WrongUsage(`--format json is for the list only: leave it out with --${action}`);
    return { action, keys, quarantined, yes, format, stack };
  },
  load: async () => (await import("./run-redrive.ts")).runRedrive,
});
