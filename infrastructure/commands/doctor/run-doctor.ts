import { systemClock } from "../../../handlers/clients/clock.ts";
import { elevenLabsAgents } from "../../../handlers/clients/elevenlabs/elevenlabs-agents.client.ts";
import { elevenLabsWebhooks } from "../../../handlers/clients/elevenlabs/elevenlabs-webhooks.client.ts";
import { isRefusalOfKey } from "../../../handlers/clients/http/service-errors.ts";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { type DoctorFinding, note, ok, wrong } from "../../../handlers/doctor/doctor-finding.ts";
import { elevenLabsFindings } from "../../../handlers/doctor/elevenlabs-findings.ts";
import { PATH } from "../../../handlers/receive/http-response.ts";
import { type Health, healthAt } from "../../local/health.client.ts";
import { folderReports } from "../../local/reports.client.ts";
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

/** `convai_read` is the name in ElevenLabs' refusals. Only admins can read the use of webhooks (its SDK 2.73.0). */
const ADMINS_KEY =
  "create a key as an admin of the workspace, with the right to read agents (convai_read) and the workspace";

/** Checks both ends of the webhook, and prints the findings. */
export async function runDoctor({ stack, url, format }: DoctorRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  const findings =
    stack === undefined
      ? await folderFindings(settings, url?.origin ?? `http://127.0.0.1:${settings.port}`)
      : await stackFindings(stack, settings);
  if (stack === undefined) await storeFindings(findings, settings, terminal.printNote);
  const count = findings.filter(({ level }) => level === "wrong").length;
  if (count > 0) terminal.exitWith(1);
  if (format === "json") return terminal.printLine(JSON.stringify(findings, null, 2));
  terminal.print(findingLines(findings));
  if (count === 0) terminal.printLine("\nNothing is wrong.");
  else terminal.printLine(`\n${count === 1 ? "1 thing is" : `${count} things are`} wrong.`);
}

/** Stores what is not ok for the read API. If that fails, the findings matter more. */
async function storeFindings(
  findings: readonly DoctorFinding[],
  { folder }: Settings,
  onProblem: (line: string) => void,
): Promise<void> {
  const report = {
    checked_at: new Date().toISOString(),
    findings: findings
      .filter(({ level }) => level !== "ok")
      .map(({ level, subject, detail, todo = null }) => ({ kind: level, subject, what: detail, remedy: todo })),
  };
  await folderReports(folder)
    .saveFindings("doctor", report)
    .catch((error: unknown) => onProblem(`The findings could not be stored for the read API: ${messageOf(error)}`));
}

async function folderFindings(settings: Settings, url: string): Promise<DoctorFinding[]> {
  const atElevenLabs = await findingsAtElevenLabs(folderDeployment(settings), undefined);
  const health = await healthAt(url);
  if (health.state === "gone")
    return [...atElevenLabs, wrong("archive", `no response from ${url}: ${health.reason}`, "start it: npm start")];
  return [
    ...atElevenLabs,
    ...healthFindings(health, url),
    ...(await probe(await targetAt(folderDeployment(settings), `${url}${PATH}`), systemClock)),
  ];
}

function healthFindings(health: Health, url: string): DoctorFinding[] {
  if (health.state !== "at work") return [note("archive", `a server responds at ${url}, but not to GET /health`)];
  return [
    ok("archive", `responds at ${url}; ${health.pending} objects wait`),
    deadLetterFinding(health.failed, "npm run redrive"),
    ...(health.degraded === undefined ? [] : [note("health", `degraded: ${health.degraded}`)]),
  ];
}

/** Loads the AWS SDK only here, because that takes a noticeable part of the start. */
async function stackFindings(stack: string, settings: Settings): Promise<DoctorFinding[]> {
  const [deployment, { queueFindings }, { secretFindings }] = await Promise.all([
    deployedStack(stack, settings),
    import("./queue-findings.client.ts"),
    import("./secret-findings.ts"),
  ]);
  const target = await targetAt(deployment);
  return [
    ...(await secretFindings(deployment.outputs, stack)),
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
      return [
        note(
          "ElevenLabs",
          "its settings of the webhook are not checked: there is no API key",
          "set ELEVENLABS_API_KEY",
        ),
      ];
    const source = { ...elevenLabsWebhooks(options, now), ...elevenLabsAgents(options) };
    return await elevenLabsFindings(source, { url, now: now() });
  } catch (error) {
    const todo = isRefusalOfKey(error) ? ADMINS_KEY : "repair that, and run the doctor again";
    return [wrong("ElevenLabs", messageOf(error), todo)];
  }
}
