import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../handlers/call/digest.ts";
import { mp3Key } from "../../../handlers/call/keys.ts";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import type { Memory } from "../../../handlers/clients/memory/memories.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { parameterValues } from "../../../queries/engine/parameter-values.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { compactFolder } from "../../local/compacting.ts";
import { isOfLock, lockFolder } from "../../local/folder-lock.client.ts";
import { type RunningArchive, startArchive } from "../../local/running-archive.ts";
import { settingsFrom } from "../../local/settings.ts";
import { sampleDeliveries } from "../../samples/deliveries.ts";
import { type SampleCall, SHOWCASE_COUNT, sampleCalls } from "../../samples/sample-calls.ts";
import { runAsCommand } from "../toolkit/command.ts";
import { compactionTable } from "../toolkit/compaction-table.ts";
import { present } from "../toolkit/present.ts";
import { progress } from "../toolkit/progress.ts";
import { archiveTree } from "./archive-tree.ts";

/** Not that of any archive in use: it is emptied at each start. */
const FOLDER = ".archive-demo";

const HELP = `Shows the whole archive at work on invented calls, without any account or network.

Usage: npm run demo

Starts the archive on the folder ${FOLDER}, which it empties first, posts the signed webhooks of ${SHOWCASE_COUNT} calls
over HTTP (some recordings before their transcriptions, some webhooks twice), waits until they are processed,
and shows what is there: the tree, past days as they are closed, three answers and one caller's memory.

Exit status: 0 if everything arrived as it was sent, 1 if not.`;

/** Asked in the end, each with the values it is given. */
const QUESTIONS: readonly (readonly [name: string, ...values: string[]])[] = [
  ["calls-per-day"],
  ["find-phrase", "three to five working days"],
  ["repeat-callers"],
];

await runAsCommand(HELP, async () => {
  await emptyFolder();

  const calls = sampleCalls({ count: SHOWCASE_COUNT, seed: 1, until: new Date() });
  const troubles: string[] = [];
  const settings = settingsFrom({ ARCHIVE_DIR: FOLDER, PORT: "0" });
  const running = await startArchive(settings, ({ event, reason }) => {
    if (event === "failed" || event === "given up") troubles.push(`${event}: ${reason}`);
  });
  try {
    await deliver(calls, running);
    troubles.push(...(await differences(calls, running.archive)));
  } finally {
    await running.close();
  }
  title("What is there now");
  say(archiveTree(await Array.fromAsync(running.archive.list(""))));
  title("Past days, closed: few large objects are quick to query", "npm run compact");
  say(compactionTable(await compactFolder(FOLDER, { now: () => new Date() })).trimEnd());
  await answers();
  await memory(calls[0]);
  if (troubles.length === 0) return farewell();
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  process.exitCode = 1;
});

/** Keeps the lock: another process that waits for it must find the same file. */
async function emptyFolder(): Promise<void> {
  const unlock = await lockFolder(FOLDER, "npm run demo");
  try {
    const names = (await readdir(FOLDER)).filter((name) => !isOfLock(name));
    for (const name of names) await rm(join(FOLDER, name), { recursive: true, force: true });
  } finally {
    await unlock();
  }
}

async function deliver(calls: readonly SampleCall[], { url, secrets, queue }: RunningArchive): Promise<void> {
  const deliveries = sampleDeliveries(calls);
  title(`${deliveries.length} webhooks of ${calls.length} calls to ${url}/post-call`);
  for (const { call, webhook, body } of deliveries) {
    const bytes = Buffer.from(body);
    const headers = { "elevenlabs-signature": signature(bytes, secrets[0] ?? "", new Date()) };
    const response = await fetch(`${url}/post-call`, { method: "POST", body: bytes, headers });
    await response.body?.cancel();
    say(`${response.status}  ${webhook.padEnd(13)}  ${call.shows}`);
  }
  const shown = progress("processing");
  const ticking = setInterval(shown.step, 250);
  await queue.idle();
  clearInterval(ticking);
  shown.end();
}

/** What is in the archive otherwise than it was sent, in words. */
async function differences(calls: readonly SampleCall[], archive: Archive): Promise<string[]> {
  const troubles: string[] = [];
  for (const { caller, conversationId, bodies, mp3 } of calls) {
    const key = `${caller}/${conversationId}${bodies.failure === undefined ? "" : ".failure"}.json`;
    const expected: [string, Buffer][] = [[key, Buffer.from(bodies.failure ?? bodies.transcription ?? "")]];
    if (mp3) expected.push([mp3Key(key), mp3]);
    for (const [name, bytes] of expected) {
      const object = await archive.get(name);
      if (object === undefined) troubles.push(`${name} is missing`);
      else if (sha256(object.body) !== sha256(bytes)) troubles.push(`${name} differs from what was sent`);
    }
  }
  return troubles;
}

async function answers(): Promise<void> {
  const queries = await readSavedQueries();
  const engine = await openLocalEngine(join(FOLDER, "analytics"));
  for (const [name, ...values] of QUESTIONS) {
    const query = queries.find((each) => each.name === name);
    if (!query) throw new Error(`there is no query ${name}`);
    title(query.question, `npm run query -- ${[name, ...values.map((value) => JSON.stringify(value))].join(" ")}`);
    const answer = await engine.run(query.sql, parameterValues(query, values, new Date()));
    say(present(answer, "table", process.stdout.columns).trimEnd());
  }
  engine.close();
}

/** What is remembered of the person who called first, the transcripts in short. */
async function memory(call: SampleCall | undefined): Promise<void> {
  const path = join(FOLDER, "memories", `+${call?.caller}.jsonl`);
  title("What an agent would know when the first caller calls again", path);
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  for (const line of lines) {
    const { type, messages, metadata }: Memory = JSON.parse(line);
    const said = messages.map(({ content }) => content).join("\n");
    const words = type === "factual" ? said : `${messages.length} messages, from “${messages[0]?.content}” on`;
    say(`${metadata.started_at}  ${type}\n    ${words.replaceAll("\n", "\n    ")}`);
  }
}

function farewell(): void {
  title("Every object is what was sent, byte for byte");
  say(`It stays in ${FOLDER} until the next demo. Ask it more:  ARCHIVE_DIR=${FOLDER} npm run query`);
}

function title(text: string, command?: string): void {
  say(`\n${text}\n${command === undefined ? "" : `  ${command}\n`}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
