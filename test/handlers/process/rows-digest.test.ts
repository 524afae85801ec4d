import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { rowsDigest } from "../../../handlers/process/rows-digest.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { llmUsage } from "../../../queries/tables/llm-usage.ts";
import { rowsIn } from "../../../queries/tables/read-parquet.ts";
import { anAudio, aTranscription } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const ROWS = [
  { conversation_id: "conv_1", model: "a", used_tokens: 1n },
  { conversation_id: "conv_1", model: "b", used_tokens: null },
];
const FILE = sha256(Buffer.from("file"));
const digest = rowsDigest(llmUsage, ROWS, FILE);

test("the digest is the same for the same rows and file, whatever the order of columns", () => {
  const reordered = ROWS.map((row) => Object.fromEntries(Object.entries(row).reverse()));
  expect(rowsDigest(llmUsage, reordered, FILE)).toBe(digest);
});

test.each([
  ["another value", llmUsage, [{ ...ROWS[0], used_tokens: 2n }, ROWS[1]], FILE],
  ["a value in place of null", llmUsage, [ROWS[0], { ...ROWS[1], used_tokens: 0n }], FILE],
  ["another order", llmUsage, ROWS.toReversed(), FILE],
  ["a row less", llmUsage, ROWS.slice(1), FILE],
  ["another file", llmUsage, ROWS, sha256(Buffer.from("fily"))],
  ["another column", { ...llmUsage, columns: { ...llmUsage.columns, more: { type: "int", comment: "" } } }, ROWS, FILE],
  [
    "another type",
    { ...llmUsage, columns: { ...llmUsage.columns, model: { type: "timestamp", comment: "" } } },
    ROWS,
    FILE,
  ],
] as const)("the digest is another one for %s", (_, table, rows, file) => {
  expect(
    rowsDigest(
      table,
      rows.map((row) => ({ ...row })),
      file,
    ),
  ).not.toBe(digest);
});

const AUDIO = anAudio({
  conversation_id: "conv_1",
  full_audio: silentMp3({ seconds: 4, title: "test" }).toString("base64"),
});
const CALL = aTranscription({ conversation_id: "conv_1", has_audio: true });

test.each([
  ["the audio first", [AUDIO, CALL]],
  ["the audio last", [CALL, AUDIO]],
  ["both twice", [CALL, AUDIO, CALL, AUDIO]],
])("the index has the digest of each live object, with %s", async (_, bodies) => {
  const world = aWorld();
  for (const body of bodies) await world.take(body);
  const { rows = {} } = (await readIndex(world.archive, "conv_1")).index;
  const stored: Record<string, string> = {};
  for (const [key, { body }] of world.analytics.objects) {
    const table = TABLES.find(({ name }) => key.startsWith(`live/${name}/`));
    if (table) stored[table.name] = rowsDigest(table, await rowsIn(table, body), sha256(body));
  }
  expect(Object.keys(stored)).toContain("recordings");
  expect(rows).toEqual(stored);
});
