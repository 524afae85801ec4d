import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { seededRandom } from "../../../infrastructure/local/samples/random.ts";
import type { SampleCall } from "../../../infrastructure/local/samples/sample-calls.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { anArchiveProcess } from "../../fixtures/archive-process.ts";
import { bodiesOf, callsOf, postAll } from "../../fixtures/load.ts";
import { newFolder } from "../../fixtures/local.ts";
import { mem0Server } from "../../servers/mem0-server.ts";

const CALLS = callsOf(200);

test("killed three times during a load of 200 calls, it completes them all and remembers none twice", async () => {
  const folder = await newFolder();
  const random = seededRandom(Date.now());
  let left: readonly string[] = bodiesOf(CALLS);
  for (const third of [3, 2, 1]) {
    const archive = await anArchiveProcess(folder);
    const fatal = random.integer(1, Math.floor(left.length / third));
    left = await postAll(archive.url, left, (answered) => void (answered === fatal && archive.kill()));
    await archive.kill();
  }
  await finish(folder, left);
  await expectComplete(folder);
  const files = await readdir(join(folder, "memories"));
  const lines = await Promise.all(files.map((file) => readFile(join(folder, "memories", file), "utf8")));
  const memories = lines.flatMap((text) => text.trim().split("\n")).map((line): unknown => JSON.parse(line));
  expect(memories.map(nameOf).sort()).toEqual(expectedMemories(CALLS));
}, 90_000);

test("killed while Mem0 works on what it was given, it remembers no call twice", async () => {
  const folder = await newFolder();
  const calls = CALLS.slice(0, 60);
  const mem0 = await mem0Server({ adds: { afterMs: 30 } });
  onTestFinished(() => mem0.close());
  const env = { MEM0_API_KEY: "m0-test", MEM0_HOST: mem0.url };
  let left: readonly string[] = bodiesOf(calls);
  for (const fatal of [20, 50]) {
    const archive = await anArchiveProcess(folder, env);
    const posting = postAll(archive.url, left);
    await expect.poll(() => mem0.memories().length, { timeout: 20_000, interval: 1 }).toBeGreaterThanOrEqual(fatal);
    await archive.kill();
    left = await posting;
  }
  await finish(folder, left, env);
  expect(mem0.memories().map(nameOf).sort()).toEqual(expectedMemories(calls));
}, 90_000);

/** Starts the archive once more, sends what was not answered, as a sender would, and waits until all is done. */
async function finish(folder: string, left: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const archive = await anArchiveProcess(folder, env);
  expect(await postAll(archive.url, left)).toEqual([]);
  const idle = { status: "ok", pending: 0, failed: 0 };
  await expect.poll(archive.health, { timeout: 60_000, interval: 50 }).toEqual(idle);
  expect(await archive.stop()).toBe(0);
}

async function expectComplete(folder: string): Promise<void> {
  for (const { caller, conversationId, bodies, mp3 } of CALLS) {
    const raw = join(folder, "archive", caller, `${conversationId}${bodies.failure ? ".failure" : ""}.json`);
    expect(await readFile(raw, "utf8")).toBe(bodies.failure ?? bodies.transcription);
    if (mp3) expect((await readFile(join(folder, "archive", caller, `${conversationId}.mp3`))).equals(mp3)).toBe(true);
  }
  const engine = await openLocalEngine(join(folder, "analytics"));
  const ids = async (table: string) =>
    (await engine.run(`select conversation_id from ${table} order by conversation_id`, [])).rows.flat();
  expect(await ids("conversations")).toEqual(idsOf(CALLS));
  expect(await ids("recordings")).toEqual(idsOf(CALLS.filter(({ mp3 }) => mp3)));
  engine.close();
}

function idsOf(calls: readonly SampleCall[]): string[] {
  return calls.map(({ conversationId }) => conversationId).sort();
}

function nameOf(memory: unknown): string {
  return `${at(memory, "metadata", "conversation_id")} ${at(memory, "metadata", "type")}`;
}

/** A factual and a semantic one of each call of a known person in which something was said. */
function expectedMemories(calls: readonly SampleCall[]): string[] {
  return calls
    .flatMap(({ caller, conversationId, bodies }) => {
      if (caller === "anonymous" || !bodies.transcription) return [];
      const data = at(JSON.parse(bodies.transcription), "data");
      const isSummed = at(data, "analysis", "transcript_summary") ? [`${conversationId} factual`] : [];
      const transcript = at(data, "transcript");
      const isSaid = Array.isArray(transcript) && transcript.some((turn) => at(turn, "message"));
      return isSaid ? [...isSummed, `${conversationId} semantic`] : isSummed;
    })
    .sort();
}
