import { parseArgs } from "node:util";
import { systemClock } from "../../../handlers/clients/clock.ts";
import { elevenLabsAgents } from "../../../handlers/clients/elevenlabs/elevenlabs-agents.client.ts";
import { elevenLabsWebhooks } from "../../../handlers/clients/elevenlabs/elevenlabs-webhooks.client.ts";
import { isRefusalOfKey } from "../../../handlers/clients/http/service-errors.ts";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { elevenLabsFindings } from "../../../handlers/doctor/elevenlabs-findings.ts";
import { type Finding, note, ok, wrong } from "../../../handlers/doctor/finding.ts";
import { PATH } from "../../../handlers/receive/answer.ts";
import { type Health, healthAt } from "../../local/health.client.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { deployed } from "../toolkit/deployed.ts";
import { folderInstallation } from "../toolkit/folder-installation.client.ts";
import type { Installation } from "../toolkit/installation.ts";
import { localTarget } from "../toolkit/local-target.client.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { deadLetterFinding } from "./dead-letter-finding.ts";
import { findingLines } from "./finding-lines.ts";
import { probe } from "./probe.ts";

const HELP = `Looks at both ends of the webhook, and says what loses calls, or will, and what to do about it.

Usage: npm run doctor                       the archive that runs on this machine (npm start), on ARCHIVE_DIR
       npm run doctor -- --url URL          the same, under another address than http://127.0.0.1:8787
       npm run doctor -- --stack NAME       the archive that is deployed as this stack

At ELEVENLABS: which webhook agents post to, whether it is switched on, failed lately, is tried again, and what it sends; and
which agents have settings of their own (of 500 at most). Needs ELEVENLABS_API_KEY with the permission convai_read; for a stack,
its own key is taken if none is set. What the key may not see is a note: an admin's key sees all.
At the ARCHIVE: whether it answers, refuses what is forged, takes what is signed with the secret known here, and processes
it; what waits and what was given up on; the clocks. For that it posts a delivery of its own, and takes it away again.

Each line is one thing that was looked at: ok; note, which may need somebody; or wrong, with what to do below it.

Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.`;

/** `convai_read` as ElevenLabs names it when it refuses; only admins see what webhooks are used for (its SDK 2.73.0). */
const ADMINS_KEY = "make a key of an admin of the workspace, who may read agents (convai_read) and the workspace";

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
  if (count === 0) process.stdout.write("\nNothing is wrong.\n");
  else process.stdout.write(`\n${count === 1 ? "1 thing is" : `${count} things are`} wrong.\n`);
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
  return [
    ...atElevenLabs,
    ...healthFindings(health, url),
    ...(await probe(await localTarget(`${url}${PATH}`, settings), systemClock)),
  ];
}

function healthFindings(health: Health, url: string): Finding[] {
  if (health.state !== "at work")
    return [note("archive", `something is at ${url}, and does not say how it is (GET /health)`)];
  return [
    ok("archive", `answers at ${url}; objects that wait: ${health.pending}`),
    deadLetterFinding(health.failed, "npm run redrive"),
    ...(health.degraded === undefined ? [] : [note("health", `degraded: ${health.degraded}`)]),
  ];
}

/** The AWS SDK is loaded only where it is used: it takes a noticeable part of the start. */
async function ofStack(stack: string, settings: Settings): Promise<Finding[]> {
  const [installation, { awsTarget }, { queueFindings }] = await Promise.all([
    deployed(stack, settings),
    import("../toolkit/aws-target.client.ts"),
    import("./queue-findings.client.ts"),
  ]);
  const target = await awsTarget(stack, undefined, settings.webhookSecrets[0]);
  return [
    ...(await ofElevenLabs(installation, target.url)),
    ...(await probe(target, systemClock)),
    ...(await queueFindings(installation.outputs, stack)),
  ];
}

async function ofElevenLabs(installation: Installation, url: string | undefined): Promise<Finding[]> {
  const now = () => new Date();
  try {
    const options = await installation.elevenLabs();
    if (!options)
      return [note("ElevenLabs", "its end of the webhook is not looked at: there is no key", "set ELEVENLABS_API_KEY")];
    const source = { ...elevenLabsWebhooks(options, now), ...elevenLabsAgents(options) };
    return await elevenLabsFindings(source, { url, now: now() });
  } catch (error) {
    const todo = isRefusalOfKey(error) ? ADMINS_KEY : "repair that, and run this again";
    return [wrong("ElevenLabs", messageOf(error), todo)];
  }
}
