import { parseArgs } from "node:util";
import { systemClock } from "../../handlers/clients/clock.ts";
import { elevenLabsWebhooks } from "../../handlers/clients/elevenlabs-webhooks.client.ts";
import { messageOf } from "../../handlers/clients/log.ts";
import { type Finding, note, ok, wrong } from "../../handlers/doctor/finding.ts";
import { webhookFindings } from "../../handlers/doctor/webhook-findings.ts";
import { PATH } from "../../handlers/receive/answer.ts";
import { folderInstallation } from "../installation/folder-installation.client.ts";
import type { Installation } from "../installation/installation.ts";
import { runAsCommand, WrongUsage } from "../local/command.ts";
import { healthAt } from "../local/health.client.ts";
import { type Settings, settingsFrom } from "../local/settings.ts";
import { localTarget } from "../smoke/local-target.client.ts";
import { deadLetterFinding } from "./dead-letter-finding.ts";
import { findingLines } from "./finding-lines.ts";
import { probe } from "./probe.ts";

const HELP = `Looks at both ends of the webhook, and says what loses calls, or will, and what to do about it.

Usage: npm run doctor                       the archive that runs on this machine (npm start), on ARCHIVE_DIR
       npm run doctor -- --url URL          the same, under another address than http://127.0.0.1:8787
       npm run doctor -- --stack NAME       the archive that is deployed as this stack

At ELEVENLABS: which webhook agents post to, whether it is switched on, failed lately, is tried again, and what it sends. Needs
ELEVENLABS_API_KEY; for a stack, its own key is taken if none is set.
At the ARCHIVE: whether it answers, refuses what is forged, takes what is signed with the secret known here, and processes
it; what waits and what was given up on; the clocks. For that it posts a delivery of its own, and takes it away again.

Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const string = { type: "string" } as const;
  const { values } = parseArgs({ options: { url: string, stack: string } });
  const settings = settingsFrom(process.env);
  const { stack, url } = values;
  if (stack !== undefined && url !== undefined) throw new WrongUsage("--stack knows its address: leave --url out");
  const findings =
    stack === undefined ? await ofFolder(settings, addressOf(url, settings)) : await ofStack(stack, settings);
  process.stdout.write(findingLines(findings));
  const count = findings.filter(({ level }) => level === "wrong").length;
  process.stdout.write(
    count === 0 ? "\nNothing is wrong.\n" : `\n${count === 1 ? "1 thing is" : `${count} things are`} wrong.\n`,
  );
  if (count > 0) process.exitCode = 1;
});

function addressOf(url: string | undefined, { port }: Settings): string {
  const text = url ?? `http://127.0.0.1:${port}`;
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new WrongUsage(`--url ${text} is not an address: write it as http://127.0.0.1:8787`);
  return new URL(text).origin;
}

async function ofFolder(settings: Settings, url: string): Promise<Finding[]> {
  const atElevenLabs = await ofElevenLabs(folderInstallation(settings), undefined);
  const health = await healthAt(url);
  if (health.state === "gone")
    return [...atElevenLabs, wrong("archive", `nobody answers at ${url}: ${health.reason}`, "npm start")];
  const state =
    health.state === "at work"
      ? [
          ok("archive", `answers at ${url}; ${health.pending} objects wait`),
          deadLetterFinding(health.failed, "npm run redrive"),
        ]
      : [note("archive", `something answers at ${url}, but not GET /health`)];
  return [...atElevenLabs, ...state, ...(await probe(await localTarget(`${url}${PATH}`, settings), systemClock))];
}

/** The AWS SDK is loaded only where it is used: it takes a noticeable part of the start. */
async function ofStack(stack: string, settings: Settings): Promise<Finding[]> {
  const [{ stackInstallation }, { awsTarget }, { queueFindings }] = await Promise.all([
    import("../installation/stack-installation.client.ts"),
    import("../smoke/aws-target.client.ts"),
    import("./queue-findings.client.ts"),
  ]);
  const installation = await stackInstallation(stack, settings);
  const target = await awsTarget(stack, undefined, settings.webhookSecrets[0]);
  return [
    ...(await ofElevenLabs(installation, target.url)),
    ...(await probe(target, systemClock)),
    ...(await queueFindings(installation.outputs, stack)),
  ];
}

async function ofElevenLabs(installation: Installation, url: string | undefined): Promise<Finding[]> {
  const options = await installation.elevenLabs();
  if (!options) return [note("ElevenLabs", "not looked at: there is no key", "set ELEVENLABS_API_KEY")];
  const now = () => new Date();
  try {
    return webhookFindings(await elevenLabsWebhooks(options, now).state(), { url, now: now() });
  } catch (error) {
    return [
      wrong("ElevenLabs", messageOf(error), "a key needs the rights to read workspace webhooks and agents' settings"),
    ];
  }
}
