import { parseArgs } from "node:util";
import { systemClock } from "../../../handlers/clients/clock.ts";
import { healthAt } from "../../local/health.client.ts";
import { settingsFrom } from "../../local/settings.ts";
import { progress } from "../toolkit/progress.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";
import { namedTable } from "../toolkit/text-table.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { type LoadOptions, type LoadReport, load } from "./load.ts";
import { loadCalls } from "./load-calls.ts";
import { figures, stoodTheLoad } from "./load-report.ts";
import { loadedArchive } from "./loaded-archive.client.ts";
import { accepted } from "./send-at-rate.ts";

const HELP = `Puts a running archive under load: posts signed sample calls at a fixed rate, and measures how it stands it.

Usage: npm run load -- --calls N --rate R [--kilobytes K] [--url URL]

  --calls N      how many calls, each with an id of its own
  --rate R       how many a second; each is sent when its time has come, whether or not earlier ones were answered
  --kilobytes K  about how large a call is (default 150, which is some 160 turns)
  --url URL      where the archive listens (default http://127.0.0.1:8787, or PORT)

The calls stay where they are sent. Give them an archive of their own, in two terminals:

  ARCHIVE_DIR=.archive-load npm start
  ARCHIVE_DIR=.archive-load npm run load -- --calls 3000 --rate 50

An archive that runs in ARCHIVE_DIR on this machine is watched until all is processed and a query finds every call. Of
any other, which takes ELEVENLABS_WEBHOOK_SECRET, only the answers are seen, and GET /health where it has that.

An answer's time counts from when its call was due. The run ends early when the archive goes away, or when nothing has
moved for two minutes.

Exit status: 0 if every call was answered 200, processed and found, 1 if not, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const settings = settingsFrom(process.env);
  const { count, perSecond, kilobytes, url } = argumentsFrom(process.argv.slice(2), settings.port);
  const health = await healthAt(url);
  if (health.state === "gone") return fail(`Nobody answers at ${url} (${health.reason}): is npm start running?`);
  const archive = await loadedArchive(url, settings);

  say(`${count} calls of about ${kilobytes} kB to ${url}, ${perSecond} a second`);
  if (health.state === "unknown") say("It has no GET /health: when it has processed them cannot be seen from here.");
  if (!archive.queryable) say(`It does not run in ${settings.folder} here: rows and memory cannot be seen.`);
  const { onLook, end } = shown(count);
  const options = { count, perSecond, clock: systemClock, onLook };
  const report = await load(loadCalls(kilobytes, new Date()), archive, options);
  end();
  say(`\n${namedTable(["figure", "value"], figures(report), process.stdout.columns)}`);
  conclude(report, count);
});

function argumentsFrom(args: string[], port: number) {
  const string = { type: "string" } as const;
  const { values } = parseArgs({ args, options: { calls: string, rate: string, kilobytes: string, url: string } });
  if (values.calls === undefined || values.rate === undefined) throw new WrongUsage("say how much: --calls and --rate");
  return {
    count: wholeNumber("calls", values.calls),
    perSecond: wholeNumber("rate", values.rate),
    kilobytes: wholeNumber("kilobytes", values.kilobytes ?? "150"),
    url: originOf(values.url ?? `http://127.0.0.1:${port}`),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new WrongUsage(`--${name} ${text} is not a whole number from 1 on`);
  return Number(text);
}

/** An address as `smoke` takes it, too: that of the archive, or of its webhook. */
function originOf(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new WrongUsage(`--url ${text} is not an address: write it as http://127.0.0.1:8787`);
  return new URL(text).href.replace(/(\/post-call)?\/*$/, "");
}

/** Shows how many are answered until all are, and then how many are processed. */
function shown(count: number) {
  const answers = shownUpTo("answered", count);
  const work = shownUpTo("processed", count);
  return {
    onLook({ answered, processed }: Parameters<LoadOptions["onLook"]>[0]) {
      answers.upTo(answered);
      if (answered === count) work.upTo(processed);
    },
    end() {
      answers.end();
      work.end();
    },
  };
}

function shownUpTo(what: string, total: number) {
  const { step, end } = progress(process.stderr, what, total);
  let done = 0;
  return {
    upTo(now: number) {
      for (; done < now; done += 1) step();
    },
    end,
  };
}

function conclude(report: LoadReport, count: number): void {
  const { answers, givenUp, stopped } = report;
  if (stoodTheLoad(report, count)) say("Every call was taken.");
  else fail(stopped ?? `${accepted(answers)} of ${count} calls were taken, and ${givenUp} given up on.`);
}

function fail(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
