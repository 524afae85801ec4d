import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { anArchiveProcess } from "../../support/fixtures/archive-process.ts";
import { aTranscription, transcriptOf } from "../../support/fixtures/events.ts";
import { newFolder, post } from "../../support/fixtures/local.ts";
import { mem0Server } from "../../support/servers/mem0-server.ts";

test("dead-letters an object after one try if Mem0 refuses its memory, with Mem0's reason", async () => {
  const folder = await newFolder();
  const mem0 = await mem0Server({ longestText: 100 });
  onTestFinished(() => mem0.close());
  const archive = await anArchiveProcess(folder, { MEM0_API_KEY: "m0-test", MEM0_HOST: mem0.url });
  await post(archive.url, aTranscription({ transcript: transcriptOf("Hello?", "la ".repeat(40)) }));
  await expect.poll(archive.health).toMatchObject({ pending: 0, failed: 1 });
  const letter = JSON.parse(await readFile(join(folder, "dead-letters/12025550101/conv_1.json"), "utf8"));
  expect(letter).toMatchObject({
    attempts: 1,
    reason: expect.stringMatching(/add the semantic memory of conv_1 .*: Mem0 answered 400: Messages are too long$/),
  });
  expect(mem0.memories()).toMatchObject([{ metadata: { type: "factual" } }]);
  await archive.stop();
});
