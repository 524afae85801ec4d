import { randomInt } from "node:crypto";
import { systemClock } from "../../../handlers/clients/clock.ts";
import { PATH } from "../../../handlers/receive/http-response.ts";
import { settingsFrom } from "../../local/settings.ts";
import { type SampleCall, sampleCalls } from "../../samples/sample-calls.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { targetAt } from "../toolkit/deployment/target.ts";
import { notePrinter } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { namedTable } from "../toolkit/text-table.ts";
import type { SmokeRequest } from "./smoke.command.ts";
import { type SmokeReport, smoke } from "./smoke.ts";

/** Sends the call, prints what came of it, and takes it away again. */
export async function runSmoke(request: SmokeRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  const url = request.url === undefined ? undefined : webhookAt(request.url);
  const stack = request.stack ?? (isOfAws(request.url) ? "CallArchive" : undefined);
  // What a stack remembers it remembers with its own key, whatever key is here.
  const ofTarget = stack === undefined ? settings : { ...settings, memoryService: undefined };
  const target = await targetAt(await deploymentOf(stack, ofTarget), url);

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
 * A call of a known person whose recording comes apart, with an id that no other has. It has just ended: in a day that
 * is closed it would be seen some minutes later only, and would stay after it was taken away.
 */
function sampleCall(): SampleCall {
  const [call] = sampleCalls({ count: 1, seed: randomInt(2 ** 31), until: new Date() });
  if (!call?.bodies.audio) throw new Error("the first sample call has no recording of its own");
  return call;
}

function webhookAt(address: URL): string {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = PATH;
  return url.href;
}

function isOfAws(url: URL | undefined): boolean {
  return url?.hostname.endsWith(".amazonaws.com") ?? false;
}
