import { expect, onTestFinished, test } from "vitest";
import { anArchiveProcess } from "../support/fixtures/archive-process.ts";
import { bodiesOf, callsOf, finish, memoriesOf, memoryName, postAll } from "../support/fixtures/load.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { mem0Server } from "../support/servers/mem0-server.ts";
import { IS_LONG } from "./fault-runs.ts";

test("an archive that is killed while Mem0 processes an add stores each memory once", async () => {
  const folder = await newFolder();
  const calls = callsOf(IS_LONG ? 60 : 16);
  const mem0 = await mem0Server({ adds: { afterMs: 30 } });
  onTestFinished(() => mem0.close());
  const env = { MEM0_API_KEY: "m0-test", MEM0_HOST: mem0.url };
  let left: readonly string[] = bodiesOf(calls);
  for (const fatal of IS_LONG ? [20, 50] : [6, 14]) {
    const archive = await anArchiveProcess(folder, env);
    const posting = postAll(archive.url, left);
    await expect.poll(() => mem0.memories().length, { interval: 1 }).toBeGreaterThanOrEqual(fatal);
    await archive.kill();
    left = await posting;
  }
  await finish(folder, left, env);
  expect(mem0.memories().map(memoryName).sort()).toEqual(memoriesOf(calls));
});
