import { randomInt } from "node:crypto";
import { systemClock } from "../../../handlers/clients/clock.ts";
import { PATH } from "../../../handlers/receive/http-response.ts";
import { type SampleCall, sampleCalls } from "../../samples/sample-calls.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { targetAt } from "../toolkit/deployment/target.ts";
import { notePrinter } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { namedTable } from "../toolkit/text-table.ts";
import type { SmokeRequest } from "./smoke.command.ts";
import { type SmokeReport, smoke } from "./smoke.ts";

/** Sends the call, prints what was stored of it, and removes it again. */
export async function runSmoke(request: SmokeRequest, terminal: Terminal): Promise<void> {
  const url = request.url === undefined ? undefined : webhookAt(request.url);
  const stack = request.stack ?? (isAwsAddress(request.url) ? "CallArchive" : undefined);
  const settings = existingArchive(terminal.env, stack);
  // A stack stores memories with its own key, not with the key in the environment.
  const targetSettings = stack === undefined ? settings : { ...settings, memoryService: undefined };
  const target = await targetAt(await deploymentOf(stack, targetSettings), url);

  const note = notePrinter(request.format, terminal);
  const onStep = (line: string) => note(`  ${line}`);
  note(`A sample call to ${target.url}`);
  const timeoutMs = request.timeoutSeconds * 1000;
  const report = await smoke(sampleCall(), target, { timeoutMs, clock: systemClock, onStep });
  if (request.format === "json") terminal.printLine(JSON.stringify(report, null, 2));
  else printReport(report, terminal);
  for (const each of report.missing) terminal.fail(`Missing: ${each}`);
}

function printReport({ objects, rows, memory, missing }: SmokeReport, { printLine, columns }: Terminal): void {
  if (objects.length > 0) {
    const cells = objects.map(({ key, size, storageClass, metadata }) => [
      key,
      size,
      storageClass,
      metadata["source"] ?? "",
    ]);
    const counts = rows.map(({ table, count }) => [table, count]);
    printLine(`\n${namedTable(["key", "bytes", "class", "source"], cells, columns)}`);
    printLine(namedTable(["table", "rows"], counts, columns));
    printLine(`Memory: ${memory}\n`);
  }
  if (missing.length === 0) printLine("Everything arrived.");
}

/**
 * Returns a call of a known person with a separate recording and a unique id. It has just ended: in a closed day it
 * would be visible only minutes later, and would stay visible after its removal.
 */
function sampleCall(): SampleCall {
  const [call] = sampleCalls({ count: 1, seed: randomInt(2 ** 31), until: new Date() });
  if (!call?.bodies.audio) throw new Error("the first sample call has no separate recording");
  return call;
}

function webhookAt(address: URL): string {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = PATH;
  return url.href;
}

function isAwsAddress(url: URL | undefined): boolean {
  return url?.hostname.endsWith(".amazonaws.com") ?? false;
}
