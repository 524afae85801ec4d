import { defineCommand } from "../toolkit/command.ts";
import { address, format, STACK } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** Which archive is looked at. */
export interface DoctorRequest {
  readonly url?: URL | undefined;
  readonly stack?: string | undefined;
  readonly format: "text" | "json";
}

/** `npm run doctor`. */
export const doctor = defineCommand({
  name: "doctor",
  summary: "Looks at both ends of the webhook, and says what loses calls, or will, and what to do about it.",
  words: (command) =>
    command
      .addOption(address("where an archive of this machine listens, if not at http://127.0.0.1:8787 (PORT)"))
      .addOption(STACK)
      .addOption(format(["text", "json"])),
  details: `At ELEVENLABS: which webhook agents post to, whether it is switched on, failed lately, is tried again, and what it sends; and
which agents have settings of their own (of 500 at most). Needs ELEVENLABS_API_KEY with the permission convai_read; for a stack,
its own key is taken if none is set. What the key may not see is a note: an admin's key sees all.
At the ARCHIVE: whether it answers, refuses what is forged, takes what is signed with the secret known here, and processes
it; what waits and what was dead-lettered; the clocks. For that it posts a delivery of its own, and takes it away again.

Each line is one thing that was looked at: ok; note, which may need somebody; or wrong, with what to do below it.`,
  exit: { 0: "nothing is wrong", 1: "something is" },
  read(options): DoctorRequest {
    if (options.stack !== undefined && options.url !== undefined)
      throw new WrongUsage("--stack knows its address: leave --url out");
    return options;
  },
  load: async () => (await import("./run-doctor.ts")).runDoctor,
});
