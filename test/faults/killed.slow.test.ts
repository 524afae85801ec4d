import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../infrastructure/samples/random.ts";
import type { SampleCall } from "../../infrastructure/samples/sample-calls.ts";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { anArchiveProcess } from "../support/fixtures/archive-process.ts";
import { bodiesOf, callsOf, finish, memoriesOf, memoryName, postAll } from "../support/fixtures/load.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { IS_LONG } from "./fault-runs.ts";

const CALLS = callsOf(IS_LONG ? 200 : 30);

test(`an archive that is killed three times under a load of ${CALLS.length} calls completes each call once`, async () => {
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
  expect(memories.map(memoryName).sort()).toEqual(memoriesOf(CALLS));
});

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
