import { defineCommand } from "../toolkit/command.ts";
import { address, format, STACK } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** Which archive to check. */
export interface DoctorRequest {
  readonly url?: URL | undefined;
  readonly stack?: string | undefined;
  readonly format: "text" | "json";
}

/** `npm run doctor`. */
export const doctor = defineCommand({
  name: "doctor",
  summary: "Checks both ends of the webhook, and prints problems that lose calls now or later, with remedies.",
  addOptions: (command) =>
    command
      .addOption(
        address("the address of the archive on this machine (default: http://127.0.0.1:8787, or the port in PORT)"),
      )
      .addOption(STACK)
      .addOption(format(["text", "json"])),
  details: `At ELEVENLABS, it checks the webhook that agents post to: whether it is switched on, failed lately, has
retries, and which events it sends. It also lists agents with separate webhook settings (of 500 agents at
most). This needs ELEVENLABS_API_KEY with the permission convai_read; with --stack, the stack's own key is
the default. Settings that the key may not read become a note. An admin's key may read all.

At the ARCHIVE, it checks that the archive responds, refuses a forged delivery, accepts a delivery that is
signed with the secret known here, and processes it. It also checks waiting objects, dead letters and the
clocks. It posts two test deliveries for this, and removes them again.

Each line is one check: ok, note (may need attention), or wrong (with the remedy on the next line).`,
  exit: { 0: "nothing is wrong", 1: "something is wrong" },
  read(options): DoctorRequest {
    if (options.stack !== undefined && options.url !== undefined)
      throw new WrongUsage("--stack already determines the address: leave --url out");
    return options;
  },
  load: async () => (await import("./run-doctor.ts")).runDoctor,
});
