import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { aTranscription, metadataWith } from "../../fixtures/events.ts";
import { aCopyOf, anArchiveOf, foundIn } from "./archive-to-verify.ts";

const ONE = "12025550101/conv_1.json";
const by = (external_number: string) => metadataWith({ phone_call: { direction: "inbound", external_number } });

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf([
    aTranscription({ conversation_id: "conv_1" }),
    aTranscription({ conversation_id: "conv_2", metadata: by("+12025550102") }),
  ]);
});

/** Changes one bit of what a file says, in the last place where it says `text`. */
async function flip(path: string, text: string, bit: number): Promise<void> {
  const bytes = await readFile(path);
  const place = bytes.lastIndexOf(text);
  expect(place).toBeGreaterThanOrEqual(0);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  await writeFile(path, bytes);
}

test.each([
  ["a name that is read", "done", 0],
  ["a bracket", '["audio', 0],
  ["a value in quotes", "webhook", 1],
  ["the checksum itself", "checksum", 0],
])("one flipped bit in an index, in %s, is reported and stops nothing", async (_what, text, bit) => {
  const folder = await aCopyOf(pristine);
  await flip(join(folder, "archive/_index/conv_1"), text, bit);
  expect(await foundIn(folder)).toEqual([`unprocessed ${ONE}`, "record _index/conv_1"]);
});
