import { once } from "node:events";
import { folderReadDeps } from "../../local/folder-read-deps.ts";
import { jsonLog } from "../../local/log.ts";
import { serveReadApi } from "../../local/read-server.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { deployedStack, deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import type { ServeRequest } from "./serve.command.ts";

/** Serves the read API until the command is stopped. */
export async function runServe({ stack }: ServeRequest, terminal: Terminal): Promise<void> {
  const { print, printNote } = terminal;
  const settings = settingsFrom(terminal.env);
  const now = () => new Date();
  const { name, deps, close } = await opened(stack, settings, now);
  const server = await serveReadApi(deps, settings, jsonLog(print, now));
  const stop = terminal.stopSignal();
  const stopped = stop.aborted ? Promise.resolve() : once(stop, "abort");
  printNote(`The read API of ${name} is at ${server.readUrl}`);
  await stopped;
  await server.close();
  close();
}

async function opened(stack: string | undefined, settings: Settings, now: () => Date) {
  if (stack !== undefined) {
    const deployment = await deployedStack(stack, settings);
    // Loads the AWS SDK, as the line above does.
    const { stackReadDeps } = await import("../toolkit/deployment/stack-read-deps.ts");
    return { name: deployment.name, deps: stackReadDeps(deployment, now), close: () => {} };
  }
  const { name, archive, analytics, webhookSecrets } = await deploymentOf(stack, settings);
  const deps = folderReadDeps(settings, { archive, analytics, secrets: webhookSecrets, now });
  return { name, deps, close: deps.close };
}
