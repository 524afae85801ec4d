import { systemClock } from "../../../handlers/clients/clock.ts";
import { healthAt } from "../../local/health.client.ts";
import { settingsFrom } from "../../local/settings.ts";
import { notePrinter, presentRows } from "../toolkit/present.ts";
import type { Progress } from "../toolkit/progress.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import type { LoadRequest } from "./load.command.ts";
import { type LoadOptions, type LoadReport, load } from "./load.ts";
import { loadCalls } from "./load-calls.ts";
import { isSuccessful, loadMetrics } from "./load-report.ts";
import { loadedArchive } from "./loaded-archive.client.ts";
import { accepted } from "./send-at-rate.ts";

/** Sends the calls, and prints the measured results. */
export async function runLoad(request: LoadRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  const { count, perSecond, kilobytes, format } = request;
  const url = originOf(request.url ?? new URL(`http://127.0.0.1:${settings.port}`));
  const health = await healthAt(url);
  if (health.state === "gone")
    return terminal.fail(`No response from ${url} (${health.reason}): is npm start running?`);
  const archive = await loadedArchive(url, settings);

  const note = notePrinter(format, terminal);
  note(`${count} calls of about ${kilobytes} kB to ${url}, ${perSecond} a second`);
  if (health.state === "unknown") note("It has no GET /health, so the end of processing cannot be measured.");
  if (!archive.queryable)
    note(`It does not run in ${settings.folder} on this machine, so rows and memory cannot be measured.`);
  const { onProgress, end } = progressOf(count, terminal);
  const options = { count, perSecond, clock: systemClock, onProgress };
  const report = await load(loadCalls(kilobytes, new Date()), archive, options);
  end();
  const text = presentRows(["metric", "value"], loadMetrics(report), format, terminal.columns);
  terminal.print(format === "table" ? `\n${text}\n` : text);
  setExitStatus(report, request, terminal);
}

/** Removes the path of the webhook, because `smoke` also accepts both addresses. */
function originOf({ href }: URL): string {
  return href.replace(/(\/post-call)?\/*$/, "");
}

/** Shows the number of answered calls until all are answered, then the number of processed calls. */
function progressOf(count: number, terminal: Terminal) {
  const answers = advanceTo(terminal.progress("answered", count));
  const work = advanceTo(terminal.progress("processed", count));
  return {
    onProgress({ answered, processed }: Parameters<LoadOptions["onProgress"]>[0]) {
      answers.upTo(answered);
      if (answered === count) work.upTo(processed);
    },
    end() {
      answers.end();
      work.end();
    },
  };
}

function advanceTo({ advance, end }: Progress) {
  let done = 0;
  return {
    upTo(now: number) {
      for (; done < now; done += 1) advance();
    },
    end,
  };
}

function setExitStatus(report: LoadReport, { count, format }: LoadRequest, terminal: Terminal): void {
  const { answers, deadLettered, stopped } = report;
  if (!isSuccessful(report, count))
    terminal.fail(
      stopped ?? `${accepted(answers)} of ${count} calls were accepted, and ${deadLettered} dead-lettered.`,
    );
  else if (format === "table") terminal.printLine("Every call was accepted.");
}
