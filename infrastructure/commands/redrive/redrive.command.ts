import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { format, STACK, YES } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What is to be done with which objects. */
export interface RedriveRequest {
  readonly action: "list" | "send" | "drop";
  /** Empty for all of them. */
  readonly keys: readonly string[];
  /** Whether all includes what is quarantined where nobody is asked. */
  readonly quarantined: boolean;
  readonly yes: boolean;
  readonly format: "table" | "json";
  readonly stack: string | undefined;
}

/** `npm run redrive`. */
export const redrive = defineCommand({
  name: "redrive",
  summary: "Lists the objects that need a person, and why, and sends them back.",
  words: (command) =>
    command
      .argument("[key...]", "the objects that are meant; for the list, all unless some are named")
      .addOption(new Option("--send", "sends them back to be processed: what is done is not done again").default(false))
      .addOption(new Option("--drop", "forgets dead letters; the objects stay in the archive").default(false))
      .addOption(new Option("--all", "with --send or --drop: all of them").default(false))
      .addOption(new Option("--quarantined", "with --send --all --yes: what is quarantined, too").default(false))
      .addOption(YES)
      .addOption(format(["table", "json"]))
      .addOption(STACK),
  details: `There are three kinds:

  dead letters  processing them failed for good: mend the cause, then send them back to be processed
  unrouted      under _other/: sent back, what this version understands is moved to its call
  quarantined   under _quarantine/: signed correctly, but too long before or after they came, as after an outage, with a
                wrong clock, or when an old delivery is replayed. Sent back, they are moved to their call

Where nobody is asked, --all leaves out what is quarantined. It is moved only if one of the secrets at hand signed it
(ELEVENLABS_WEBHOOK_SECRET; several, separated by commas). Nothing that was delivered is replaced: an object whose call is
there with other bytes stays. So does one of a type that this version does not know.

In a folder, the archive that runs there processes what is sent back; if none does, it is done here, and what fails again,
after about a minute of tries, is listed again. An archive that starts in a folder tries all that is not done, also what
was forgotten. On a stack it goes back to its queue.`,
  examples: ["--send --all", "--drop 16125550100/conv_1.json --yes"],
  exit: { 0: "done, or there are none", 1: "some of those named are not sent back or failed again" },
  read({ send, drop, all, ...options }, [keys]): RedriveRequest {
    const { quarantined } = options;
    if (send && drop) throw new WrongUsage("--send and --drop exclude each other: an object is sent back or forgotten");
    if (all && keys.length > 0) throw new WrongUsage("name the objects or say --all, not both");
    if (quarantined && !(send && all))
      throw new WrongUsage("--quarantined goes with --send --all: else name the objects");
    const action = send ? "send" : drop ? "drop" : "list";
    if (action !== "list" && !all && keys.length === 0)
      throw new WrongUsage(`--${action} which? Name their keys or say --all`);
    const { yes, format, stack } = options;
    if (action !== "list" && format === "json")
      throw new WrongUsage(`--format json is how the list is written: leave it out with --${action}`);
    return { action, keys, quarantined, yes, format, stack };
  },
  load: async () => (await import("./run-redrive.ts")).runRedrive,
});
