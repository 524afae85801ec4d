import { once } from "node:events";
import type { Log } from "../../../handlers/clients/observability/log.ts";
import type { ReadDeps } from "../../../handlers/read/read-deps.ts";
import { folderReadDeps, savedQueries } from "../../local/folder-read-deps.ts";
import { jsonLog } from "../../local/log.ts";
import { serveReadApi } from "../../local/read-server.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { folderActions } from "../toolkit/actions/folder-actions.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import type { ServeRequest } from "./serve.command.ts";

/** Serves the read API until the command is stopped. */
export async function runServe({ stack }: ServeRequest, terminal: Terminal): Promise<void> {
  const { print, printNote } = terminal;
  const settings = settingsFrom(terminal.env);
  const now = () => new Date();
  const log = jsonLog(print, now);
  const { name, deps, close } = await opened(stack, settings, log, now);
  const server = await serveReadApi(stack === undefined ? "Local archive" : stack, deps, settings, log);
  const stop = terminal.stopSignal();
  const stopped = stop.aborted ? Promise.resolve() : once(stop, "abort");
  printNote(`The console of ${name} is at ${server.consoleUrl}`);
  printNote(`The read API is at ${server.readUrl}`);
  await stopped;
  await server.close();
  await deps.actions?.stop();
  close();
}

/** The archive that is served. */
interface Opened {
  readonly name: string;
  readonly deps: ReadDeps;
  readonly close: () => void;
}

async function opened(stack: string | undefined, settings: Settings, log: Log, now: () => Date): Promise<Opened> {
  const deployment = await deploymentOf(stack, settings);
  const { name, archive, analytics } = deployment;
  const from = { archive, analytics, secrets: () => deployment.webhookSecrets(), now };
  if (stack === undefined) {
    const { close, ...deps } = folderReadDeps(settings, from);
    const actions = folderActions(settings, () => folderDeployment(settings), log, now);
    return { name, deps: { ...deps, actions }, close };
  }
  const engine = await deployment.tables();
  const deps: ReadDeps = { ...from, ...savedQueries(), engine, searchesByDays: false };
  return { name, deps, close: engine.close };
}
