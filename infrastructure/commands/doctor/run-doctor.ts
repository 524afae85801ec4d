import { systemClock } from "../../../handlers/clients/clock.ts";
import { elevenLabsAgents } from "../../../handlers/clients/elevenlabs/elevenlabs-agents.client.ts";
import { elevenLabsWebhooks } from "../../../handlers/clients/elevenlabs/elevenlabs-webhooks.client.ts";
import { isRefusalOfKey } from "../../../handlers/clients/http/service-errors.ts";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { type DoctorFinding, note, ok, wrong } from "../../../handlers/doctor/doctor-finding.ts";
import { elevenLabsFindings } from "../../../handlers/doctor/elevenlabs-findings.ts";
import { PATH } from "../../../handlers/receive/http-response.ts";
import { type Health, healthAt } from "../../local/health.client.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import type { Deployment } from "../toolkit/deployment/deployment.ts";
import { deployedStack } from "../toolkit/deployment/deployment-of.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import { targetAt } from "../toolkit/deployment/target.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { deadLetterFinding } from "./dead-letter-finding.ts";
import type { DoctorRequest } from "./doctor.command.ts";
import { findingLines } from "./finding-lines.ts";
import { probe } from "./probe.ts";

/** `convai_read` as ElevenLabs names it when it refuses; only admins see what webhooks are used for (its SDK 2.73.0). */
const ADMINS_KEY = "make a key of an admin of the workspace, who may read agents (convai_read) and the workspace";

/** Prints what is found at both ends of the webhook. */
export async function runDoctor({ stack, url, format }: DoctorRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  const findings =
    stack === undefined
      ? await folderFindings(settings, url?.origin ?? `http://127.0.0.1:${settings.port}`)
      : await stackFindings(stack, settings);
  const count = findings.filter(({ level }) => level === "wrong").length;
  if (count > 0) terminal.exitWith(1);
  if (format === "json") return terminal.printLine(JSON.stringify(findings, null, 2));
  terminal.print(findingLines(findings));
  if (count === 0) terminal.printLine("\nNothing is wrong.");
  else terminal.printLine(`\n${count === 1 ? "1 thing is" : `${count} things are`} wrong.`);
}

async function folderFindings(settings: Settings, url: string): Promise<DoctorFinding[]> {
  const atElevenLabs = await findingsAtElevenLabs(folderDeployment(settings), undefined);
  const health = await healthAt(url);
  if (health.state === "gone")
    return [...atElevenLabs, wrong("archive", `nobody answers at ${url}: ${health.reason}`, "npm start")];
  return [
    ...atElevenLabs,
    ...healthFindings(health, url),
    ...(await probe(await targetAt(folderDeployment(settings), `${url}${PATH}`), systemClock)),
  ];
}

function healthFindings(health: Health, url: string): DoctorFinding[] {
  if (health.state !== "at work")
    return [note("archive", `something is at ${url}, and does not say how it is (GET /health)`)];
  return [
    ok("archive", `answers at ${url}; objects that wait: ${health.pending}`),
    deadLetterFinding(health.failed, "npm run redrive"),
    ...(health.degraded === undefined ? [] : [note("health", `degraded: ${health.degraded}`)]),
  ];
}

/** The AWS SDK is loaded only where it is used: it takes a noticeable part of the start. */
async function stackFindings(stack: string, settings: Settings): Promise<DoctorFinding[]> {
  const [deployment, { queueFindings }] = await Promise.all([
    deployedStack(stack, settings),
    import("./queue-findings.client.ts"),
  ]);
  const target = await targetAt(deployment);
  return [
    ...(await findingsAtElevenLabs(deployment, target.url)),
    ...(await probe(target, systemClock)),
    ...(await queueFindings(deployment.outputs, stack)),
  ];
}

async function findingsAtElevenLabs(deployment: Deployment, url: string | undefined): Promise<DoctorFinding[]> {
  const now = () => new Date();
  try {
    const options = await deployment.elevenLabs();
    if (!options)
      return [note("ElevenLabs", "its end of the webhook is not looked at: there is no key", "set ELEVENLABS_API_KEY")];
    const source = { ...elevenLabsWebhooks(options, now), ...elevenLabsAgents(options) };
    return await elevenLabsFindings(source, { url, now: now() });
  } catch (error) {
    const todo = isRefusalOfKey(error) ? ADMINS_KEY : "repair that, and run this again";
    return [wrong("ElevenLabs", messageOf(error), todo)];
  }
}
