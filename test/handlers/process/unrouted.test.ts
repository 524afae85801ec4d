import { expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import { quarantineKey } from "../../../handlers/call/kinds/unrouted.ts";
import { aTranscription, bodyOf, metadataWith } from "../../support/fixtures/events.ts";
import { aWorld, RECEIVED, rowsOf } from "../../support/fixtures/world.ts";

test("an event of an unknown type has one row, on the day of its receipt", async () => {
  const world = aWorld();
  const body = bodyOf("answering_machine_detection", { conversation_id: "conv_1", agent_id: "agent_1" });
  expect(await world.take(body)).toMatchObject({ outcome: "processed", steps: ["rows"], written: { rows: 1 } });
  expect(await world.rows("unrouted")).toEqual([
    {
      conversation_id: "conv_1",
      event_type: "answering_machine_detection",
      place: "other",
      reason: "the type is not known to this version",
      received_at: new Date(RECEIVED),
      source: "webhook",
      raw_key: "_other/answering_machine_detection/conv_1.json",
      raw_bytes: BigInt(body.length),
      raw_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      processor_version: "4",
    },
  ]);
  expect([...world.analytics.objects.keys()]).toEqual([
    expect.stringMatching(/^live\/unrouted\/dt=2026-11-20\/hr=10\/~[\w-]+\.parquet$/),
  ]);
  expect(world.memories.all).toEqual([]);
});

test("a body that is not JSON has a row with its hash", async () => {
  const [row] = await rowsOf(Buffer.from("{"), "unrouted");
  expect(row).toMatchObject({ event_type: "not-json", reason: "the body is not JSON" });
  expect(row?.["conversation_id"]).toBe(row?.["raw_sha256"]);
});

test("a quarantined call has a row in unrouted and none in conversations", async () => {
  const world = aWorld();
  const body = aTranscription();
  const key = quarantineKey(readEvent(body), body);
  await world.archive.put(key, body, { metadata: { source: "webhook", "received-at": RECEIVED } });
  await world.process(key);
  expect(await world.rows("unrouted")).toMatchObject([
    { conversation_id: "conv_1", event_type: "post_call_transcription", place: "quarantine", raw_key: key },
  ]);
  expect(await world.rows("conversations")).toEqual([]);
});

test("another put of an unrouted object changes nothing", async () => {
  const world = aWorld();
  const body = bodyOf("new_type", { conversation_id: "conv_1" });
  const key = await world.delivered(body);
  await world.process(key);
  const before = world.snapshot();
  expect(await world.process(key)).toEqual({ outcome: "duplicate" });
  await world.archive.put(key, body);
  expect(await world.process(key)).toMatchObject({ outcome: "processed" });
  expect(world.snapshot()).toEqual(before);
});

test("each language model has a row with its initiated and its used tokens", async () => {
  const llm_usage = {
    initiated_generation: {
      model_usage: {
        "model-a": { input: { tokens: 100, price: 0.25 }, output_total: { tokens: 10, price: 0.5 } },
        "model-b": { input: { tokens: 5 } },
      },
    },
    irreversible_generation: {
      model_usage: {
        "model-a": { input_cache_read: { tokens: 60, price: 0.125 }, output_total: { tokens: 6, price: 0.25 } },
      },
    },
  };
  const metadata = metadataWith({ charging: { llm_usage } });
  const base = { conversation_id: "conv_1", agent_id: "agent_1" };
  expect(await rowsOf(aTranscription({ metadata }), "llm_usage")).toEqual([
    {
      ...{ ...base, llm_model: "model-a", initiated_tokens: 110n, initiated_usd: 0.75 },
      ...{ used_tokens: 66n, used_input_tokens: 60n, used_output_tokens: 6n, used_usd: 0.375 },
    },
    {
      ...{ ...base, llm_model: "model-b", initiated_tokens: 5n, initiated_usd: null },
      ...{ used_tokens: null, used_input_tokens: null, used_output_tokens: null, used_usd: null },
    },
  ]);
});

test("the used tokens of a call without a stated usage are those of its turns", async () => {
  const usage = (tokens: number) => ({
    model_usage: { "model-a": { input: { tokens }, output_total: { tokens: 1 } } },
  });
  const transcript = [{ llm_usage: usage(10) }, { llm_usage: null }, { llm_usage: usage(20) }];
  expect(await rowsOf(aTranscription({ transcript }), "llm_usage")).toMatchObject([
    { llm_model: "model-a", initiated_tokens: null, used_tokens: 32n, used_input_tokens: 30n, used_output_tokens: 2n },
  ]);
});
