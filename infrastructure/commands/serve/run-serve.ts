import { once } from "node:events";
import { jsonLog } from "../../local/log.ts";
import { serveReadApi } from "../../local/read-server.ts";
import { folderActions } from "../toolkit/actions/folder-actions.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { folderDeployment } from "../toolkit/deployment/folder-deployment.client.ts";
import { openReadDeps } from "../toolkit/deployment/open-read-deps.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import type { ServeRequest } from "./serve.command.ts";

/** Serves the read API until the command is stopped. */
export async function runServe({ stack }: ServeRequest, terminal: Terminal): Promise<void> {
  const { print, printNote } = terminal;
  const settings = existingArchive(terminal.env, stack);
  const now = () => new Date();
  const log = jsonLog(print, now);
  const { name, deps, close } = await openReadDeps(stack, settings, now);
  const withActions =
    stack === undefined
      ? { ...deps, actions: folderActions(settings, () => folderDeployment(settings, { readsBlock: false }), log, now) }
      : deps;
  const server = await serveReadApi(stack ?? "Local archive", withActions, settings, log);
  const stop = terminal.stopSignal();
  const stopped = stop.aborted ? Promise.resolve() : once(stop, "abort");
  printNote(`The console of ${name} is at ${server.consoleUrl}`);
  printNote(`The read API is at ${server.readUrl}`);
  await stopped;
  await server.close();
  await withActions.actions?.stop();
  close();
}
