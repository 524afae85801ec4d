import { describe, expect, test } from "vitest";
import { aFailure, anAudio, aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { aCallSpan, anAgentSpan, anOtelCall, aSpan } from "../../support/fixtures/otel.ts";
import { aWorld, rowsOf } from "../../support/fixtures/world.ts";

describe("a field without a column", () => {
  const fieldsOf = async (body: Buffer, status: string) => {
    const rows = await rowsOf(body, "unknown_fields");
    return rows.filter((row) => row["status"] === status);
  };

  test("that is unknown has one row with its count, and the fields inside it have none", async () => {
    const transcript = [
      { role: "agent", message: "Hello", emotion: null },
      { role: "user", message: "Hi", emotion: { joy: 1 } },
    ];
    const metadata = metadataWith({ ...{ carbon_grams: 2 }, features_usage: { anything: { goes: true } } });
    const analysis = { evaluation_criteria_results: { polite: { result: "success", weight: "2" } } };
    const rows = await fieldsOf(aTranscription({ transcript, metadata, analysis, labels: [] }), "unknown");
    const call = { conversation_id: "conv_1", agent_id: "agent_1", raw_key: "12025550101/conv_1.json" };
    const base = { ...call, status: "unknown" };
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        { ...base, field: "data.transcript[].emotion", json_type: "object", seen_count: 2 },
        { ...base, field: "data.metadata.carbon_grams", json_type: "number", seen_count: 1 },
        { ...base, field: "data.analysis.evaluation_criteria_results.*.weight", json_type: "string", seen_count: 1 },
        { ...base, field: "data.labels", json_type: "array", seen_count: 1 },
      ]),
    );
  });

  test("that is known has one row, if it has content", async () => {
    const charging = { tier: "pro", is_burst: false, platform_usage: {}, llm_charge: null, tts_usage: "" };
    const rows = await fieldsOf(aTranscription({ metadata: metadataWith({ charging }) }), "unmapped");
    expect(rows.map(({ field }) => field)).toEqual(["data.metadata.charging.tier", "data.metadata.charging.is_burst"]);
  });

  test("is found at every level, also in the tools of a workflow", async () => {
    const tool = { request_id: "r2", tool_name: "look_up", shade: 1 };
    const inner = {
      steps: [{ type: "nested_tools", color: 1, requests: [tool], results: [{ request_id: "r2", hue: 1 }] }],
    };
    const result = {
      steps: [{ type: "nested_tools", results: [{ request_id: "r1", type: "workflow", result: inner }] }],
    };
    const metrics = { metrics: { new_metric: { elapsed_time: 1 } } };
    const transcript = [{ conversation_turn_metrics: metrics, tool_results: [{ request_id: "r", result }] }];
    const usage = { irreversible_generation: { model_usage: { m: { input: { tokens: 1, bytes: 2 } } } } };
    const scoped = [{ scope: "agent", data_collection_results: { order: { value: 1, unit: "kg" } } }];
    const metadata = metadataWith({
      charging: { llm_usage: usage },
      sms: { segments: 2 },
      batch_call: { campaign: { wave: 1 } },
    });
    const body = aTranscription({ transcript, metadata, analysis: { scoped } }, { version: 2 });
    expect((await fieldsOf(body, "unknown")).map(({ field }) => field).toSorted()).toEqual([
      "data.analysis.scoped[].data_collection_results.*.unit",
      "data.metadata.batch_call.campaign.wave",
      "data.metadata.charging.llm_usage.irreversible_generation.model_usage.*.*.bytes",
      "data.metadata.sms.segments",
      "data.transcript[].conversation_turn_metrics.metrics.new_metric",
      "data.transcript[].tool_calls[].shade",
      "data.transcript[].tool_results[].hue",
      "data.transcript[].tool_results[].result.steps[].color",
      "version",
    ]);
  });

  test("of another type than expected is unmapped, because no column has its content", async () => {
    const metadata = metadataWith({ phone_call: "+12025550101", feedback: [1], batch_call: [] });
    const rows = await fieldsOf(aTranscription({ metadata, transcript: { a: 1 } }), "unmapped");
    expect(rows.map(({ field, json_type }) => [field, json_type]).toSorted()).toEqual([
      ["data.metadata.feedback", "array"],
      ["data.metadata.phone_call", "string"],
      ["data.transcript", "object"],
    ]);
  });

  test("of a failed attempt has a row, too", async () => {
    const metadata = { type: "twilio", attempt: 3, body: { To: "+12025550101", CallStatus: "busy", Carrier: "x" } };
    const body = aFailure({ carrier_details: { code: 17 }, metadata });
    expect((await fieldsOf(body, "unknown")).map(({ field }) => field).toSorted()).toEqual([
      "data.carrier_details",
      "data.metadata.attempt",
      "data.metadata.body.Carrier",
    ]);
    expect((await fieldsOf(body, "unmapped")).map(({ field }) => field)).toEqual(["data.metadata.body.CallStatus"]);
  });

  test("in JSON that is nested thousands of levels deep needs no deep stack", async () => {
    const levels = 2_000;
    const result = `${'{"steps":[{"results":[{"result":'.repeat(levels)}{"deepest":1}${"}]}]}".repeat(levels)}`;
    const shallow = aTranscription({ transcript: [{ tool_results: [{ result: "HERE" }] }] });
    const body = Buffer.from(shallow.toString().replace('"HERE"', result));
    expect((await fieldsOf(body, "unknown")).map(({ field }) => field)).toEqual([
      "data.transcript[].tool_results[].result.deepest",
    ]);
  });
});

describe("a field without a column of an audio event", () => {
  const body = anAudio({ codec: "opus", mime: { type: "audio/mpeg" } });
  const unknownIn = async (world: ReturnType<typeof aWorld>) =>
    (await world.rows("unknown_fields"))
      .filter(({ status }) => status === "unknown")
      .map(({ field, json_type, raw_key }) => [field, json_type, raw_key]);
  const expected = [
    ["data.codec", "string", "_audio/conv_1.json"],
    ["data.mime", "object", "_audio/conv_1.json"],
  ];

  test("has a row of its call, in either order", async () => {
    for (const deliveries of [
      [body, aTranscription()],
      [aTranscription(), body],
    ]) {
      const world = aWorld();
      for (const delivery of deliveries) await world.take(delivery);
      expect(await unknownIn(world)).toEqual(expected);
    }
  });

  test("has none after the event was replaced by one without it", async () => {
    const world = aWorld();
    for (const delivery of [aTranscription(), body, anAudio()]) await world.take(delivery);
    expect(await unknownIn(world)).toEqual([]);
  });
});

test("an attribute or a span of an OpenTelemetry delivery that this version does not know has a row", async () => {
  const call = aCallSpan({ "analysis.mood": "calm", "dynamic_variable.case_id": "C-1" });
  const spans = [call, anAgentSpan(0, "Hello", { attributes: { "agent.voice": "v" } }), aSpan("recv.noise")];
  const rows = await rowsOf(anOtelCall(spans), "unknown_fields");
  expect(rows.map(({ field, status }) => [field, status])).toEqual([
    ["data.otlp_traces.spans[].attributes.analysis.mood", "unknown"],
    ["data.otlp_traces.spans[].attributes.agent.voice", "unknown"],
    ["data.otlp_traces.spans[].recv.noise", "unknown"],
  ]);
});
