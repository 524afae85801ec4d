import { expect, test } from "vitest";
import { readEvent } from "../../handlers/call/event.ts";
import { rawKey } from "../../handlers/call/keys.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn } from "../../queries/tables/read-parquet.ts";
import { tableNamed } from "../queries/analytics-folder.ts";
import { anAudio, aTranscription, metadataWith } from "../support/fixtures/events.ts";
import { aWorld, conversationOf, rowsOf } from "../support/fixtures/world.ts";

// Bugs that the property tests of this folder found, one example each.

const DEEP = 50_000;

test("a call with lists nested deeper than the stack allows has its rows", async () => {
  const deep = "[".repeat(DEEP) + "]".repeat(DEEP);
  for (const field of ["transcript", "metadata", "analysis"]) {
    const body = Buffer.from(
      aTranscription({ [field]: "deep" })
        .toString()
        .replace('"deep"', deep),
    );
    expect(await conversationOf(body)).toMatchObject({ conversation_id: "conv_1" });
  }
});

test("a value nested too deeply for JSON.stringify is null in its row", async () => {
  const analysis = { data_collection_results: { size: { value: "deep" }, colour: { value: { is: ["red"] } } } };
  const deep = `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;
  const body = Buffer.from(aTranscription({ analysis }).toString().replace('"deep"', deep));
  expect(await rowsOf(body, "data_points")).toMatchObject([
    { name: "size", value: null },
    { name: "colour", value: '{"is":["red"]}' },
  ]);
});

test("a sum that is not a finite number, or not a safe integer for a count, is null in its row", async () => {
  const usage = (input: object) => ({ initiated_generation: { model_usage: { m: { input, output_total: input } } } });
  const rows = async (input: object) => {
    const metadata = metadataWith({ charging: { llm_usage: usage(input) } });
    return [
      await rowsOf(aTranscription({ metadata }), "llm_usage"),
      await conversationOf(aTranscription({ metadata })),
    ];
  };
  expect(await rows({ tokens: 1.5e308, price: 1.5e308 })).toMatchObject([
    [{ initiated_tokens: null, initiated_usd: null }],
    { llm_initiated_usd: null },
  ]);
  expect(await rows({ tokens: 1e300, price: 0.5 })).toMatchObject([
    [{ initiated_tokens: null, initiated_usd: 1 }],
    { llm_initiated_usd: 1 },
  ]);
  const metadata = metadataWith({ start_time_unix_secs: -1.5e308, accepted_time_unix_secs: 1.5e308 });
  expect(await conversationOf(aTranscription({ metadata }))).toMatchObject({ acceptance_wait_secs: null });
});

test("a body whose long recording has an invalid escape is not JSON, and delays no transcription", async () => {
  const long = "A".repeat(300_000);
  const body = Buffer.from(anAudio({ full_audio: long }).toString().replace("AAAA", "AA\\x"));
  expect(rawKey(readEvent(body), body, undefined)).toMatch(/^_other\/not-json\//);
  const escaped = Buffer.from(anAudio({ full_audio: long }).toString().replace("AAAA", "AAA\\/"));
  expect(rawKey(readEvent(escaped), escaped, undefined)).toBe("_audio/conv_1.json");

  const world = aWorld();
  await world.archive.put("_audio/conv_1.json", body);
  expect(await world.take(aTranscription())).toMatchObject({ outcome: "processed" });
});

test("a time that rounding moves past the year 9999 is null", async () => {
  const rowAt = async (event_timestamp: number) => conversationOf(aTranscription({}, { event_timestamp }));
  expect(await rowAt(253_402_300_799.9999)).toMatchObject({ event_at: null });
  expect(await rowAt(253_402_300_799.999)).toMatchObject({ event_at: new Date("9999-12-31T23:59:59.999Z") });
});

test("a text that begins with a BOM is read back whole", async () => {
  const unroutedDeliveries = tableNamed("unrouted");
  const read = await rowsIn(
    unroutedDeliveries,
    parquetFile(unroutedDeliveries, [{ conversation_id: "\ufeff1", event_type: "\ufeffnews" }]),
  );
  expect(read).toMatchObject([{ conversation_id: "\ufeff1", event_type: "\ufeffnews" }]);
});
