import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../handlers/call/digest.ts";
import { at, list, text } from "../../../handlers/call/json.ts";
import { mp3Key } from "../../../handlers/call/keys.ts";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { parameterValues } from "../../../queries/engine/parameter-values.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { compactFolder } from "../../local/compact-folder.ts";
import { isOfLock, lockFolder } from "../../local/folder-lock.client.ts";
import { type RunningArchive, startArchive } from "../../local/running-archive.ts";
import { settingsFrom } from "../../local/settings.ts";
import { sampleDeliveries } from "../../samples/deliveries.ts";
import { type SampleCall, SHOWCASE_COUNT, sampleCalls } from "../../samples/sample-calls.ts";
import { startWithActions } from "../toolkit/actions/start-with-actions.ts";
import { compactionTable } from "../toolkit/compaction-table.ts";
import { openAddress } from "../toolkit/open-address.client.ts";
import { present } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { isFailure } from "../toolkit/work-log.ts";
import { archiveTree } from "./archive-tree.ts";
import type { DemoRequest } from "./demo.command.ts";
import { DEMO_FOLDER } from "./demo-folder.ts";

/** The saved queries that run at the end, each with its values. */
const QUESTIONS: readonly (readonly [name: string, ...values: string[]])[] = [
  ["calls-per-day"],
  ["find-phrase", "three to five working days"],
  ["repeat-callers"],
];

/** Fills an archive with sample calls, and prints what it contains. Then opens its console, if requested. */
export async function runDemo({ open }: DemoRequest, terminal: Terminal): Promise<void> {
  const { printLine } = terminal;
  await emptyFolder();

  const calls = sampleCalls({ count: SHOWCASE_COUNT, seed: 1, until: new Date() });
  const problems: string[] = [];
  const settings = settingsFrom({ ARCHIVE_DIR: DEMO_FOLDER, PORT: "0" });
  const running = await startArchive(settings, (entry) => {
    if (isFailure(entry)) problems.push(`${entry["event"]}: ${entry["reason"]}`);
  });
  try {
    await deliver(calls, running, terminal);
    problems.push(...(await differences(calls, running.archive)));
  } finally {
    await running.close();
  }
  printTitle(terminal, "The files in the archive");
  printLine(archiveTree(await Array.fromAsync(running.archive.list(""))));
  printTitle(terminal, "Past days are closed: a few large objects are faster to query", "npm run compact");
  printLine(compactionTable(await compactFolder(DEMO_FOLDER, { now: () => new Date() })).trimEnd());
  await printAnswers(terminal);
  await printMemories(calls[0], terminal);
  for (const problem of problems) terminal.fail(problem);
  if (problems.length > 0) return;
  printTitle(terminal, "Every object is stored as it was sent, byte for byte");
  if (open) await runConsole(terminal);
  else printNextSteps(terminal);
}

/** Runs the archive with the demo's calls until it is stopped. */
async function runConsole(terminal: Terminal): Promise<void> {
  const settings = settingsFrom({ PORT: "0", ...terminal.env, ARCHIVE_DIR: DEMO_FOLDER });
  const archive = await startWithActions(
    settings,
    () => {},
    () => new Date(),
  );
  const stop = terminal.stopSignal();
  terminal.printLine(`Look and listen at ${archive.consoleUrl} until Ctrl-C.`);
  openAddress(archive.consoleUrl);
  if (!stop.aborted) await once(stop, "abort");
  await archive.close();
}

/** Empties the folder, but keeps the lock file: a process that waits for the lock must find the same file. */
async function emptyFolder(): Promise<void> {
  const unlock = await lockFolder(DEMO_FOLDER, "npm run demo");
  try {
    const names = (await readdir(DEMO_FOLDER)).filter((name) => !isOfLock(name));
    for (const name of names) await rm(join(DEMO_FOLDER, name), { recursive: true, force: true });
  } finally {
    await unlock();
  }
}

async function deliver(
  calls: readonly SampleCall[],
  { url, secrets, queue }: RunningArchive,
  terminal: Terminal,
): Promise<void> {
  const { printLine } = terminal;
  const deliveries = sampleDeliveries(calls);
  printTitle(terminal, `${deliveries.length} webhooks of ${calls.length} calls to ${url}/post-call`);
  for (const { call, webhook, body } of deliveries) {
    const bytes = Buffer.from(body);
    const headers = { "elevenlabs-signature": signature(bytes, secrets[0] ?? "", new Date()) };
    const response = await fetch(`${url}/post-call`, { method: "POST", body: bytes, headers });
    await response.body?.cancel();
    printLine(`${response.status}  ${webhook.padEnd(13)}  ${call.shows}`);
  }
  const shown = terminal.progress("processing");
  const ticking = setInterval(shown.advance, 250);
  await queue.idle();
  clearInterval(ticking);
  shown.end();
}

/** Lists the objects that are missing or differ from what was sent. */
async function differences(calls: readonly SampleCall[], archive: Archive): Promise<string[]> {
  const problems: string[] = [];
  for (const { caller, conversationId, bodies, mp3 } of calls) {
    const key = `${caller}/${conversationId}${bodies.failure === undefined ? "" : ".failure"}.json`;
    const expected: [string, Buffer][] = [[key, Buffer.from(bodies.failure ?? bodies.transcription ?? "")]];
    if (mp3) expected.push([mp3Key(key), mp3]);
    for (const [name, bytes] of expected) {
      const object = await archive.get(name);
      if (object === undefined) problems.push(`${name} is missing`);
      else if (sha256(object.body) !== sha256(bytes)) problems.push(`${name} differs from what was sent`);
    }
  }
  return problems;
}

async function printAnswers(terminal: Terminal): Promise<void> {
  const queries = await readSavedQueries();
  const engine = await openLocalEngine(join(DEMO_FOLDER, "analytics"));
  for (const [name, ...values] of QUESTIONS) {
    const query = queries.find((each) => each.name === name);
    if (!query) throw new Error(`there is no query ${name}`);
    printTitle(
      terminal,
      query.question,
      `npm run query -- ${[name, ...values.map((value) => JSON.stringify(value))].join(" ")}`,
    );
    const answer = await engine.run(query.sql, parameterValues(query, values, new Date()));
    terminal.printLine(present(answer, "table", terminal.columns).trimEnd());
  }
  engine.close();
}

/** Prints the memories of the first caller. Transcripts are shortened. */
async function printMemories(call: SampleCall | undefined, terminal: Terminal): Promise<void> {
  const path = join(DEMO_FOLDER, "memories", `+${call?.caller}.jsonl`);
  printTitle(terminal, "What an agent would know when the first caller calls again", path);
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  for (const line of lines) {
    const memory = parsedJson(line);
    const contents = list(at(memory, "messages")).map((message) => text(at(message, "content")));
    const type = text(at(memory, "type"));
    const words =
      type === "factual" ? contents.join("\n") : `${contents.length} messages, the first is “${contents[0]}”`;
    terminal.printLine(
      `${text(at(memory, "metadata", "started_at"))}  ${type}\n    ${words.replaceAll("\n", "\n    ")}`,
    );
  }
}

function printNextSteps({ printLine }: Terminal): void {
  const variable = process.platform === "win32" ? `$env:ARCHIVE_DIR = "${DEMO_FOLDER}";` : `ARCHIVE_DIR=${DEMO_FOLDER}`;
  printLine(`The archive stays in ${DEMO_FOLDER} until the next demo. Query it:  ${variable} npm run query`);
  printLine(
    `Look and listen at http://127.0.0.1:8787/ with:  ${variable} npm start  (npm run demo -- --open does both)`,
  );
}

function printTitle({ printLine }: Terminal, text: string, command?: string): void {
  printLine(`\n${text}\n${command === undefined ? "" : `  ${command}\n`}`);
}
