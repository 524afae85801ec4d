import { describe, expect, test } from "vitest";
import { readEnvelope, readEvent } from "../../../handlers/call/event.ts";
import { rawKey } from "../../../handlers/call/keys.ts";
import { aFailure, aTranscription, metadataWith, START } from "../../support/fixtures/events.ts";
import { aWorld, conversationOf, rowsOf } from "../../support/fixtures/world.ts";

/** The body with each text `"N:…"` replaced by what follows the colon. */
function unquoted(body: Buffer): Buffer {
  return Buffer.from(body.toString().replace(/"N:([^"]*)"/g, "$1"));
}

describe("numbers of many digits", () => {
  const tool = (params: unknown, result: unknown) => ({
    role: "agent",
    tool_calls: [{ request_id: "a", tool_name: "pay", params_as_json: params }],
    tool_results: [{ request_id: "a", result_value: result, tool_latency_secs: "N:0.250000000000000000001" }],
  });

  test("are in the rows with the digits that were sent", async () => {
    const transcript = [tool({ card: "N:9007199254740993" }, { rate: ["N:-0.12345678901234567890123", "N:1e400"] })];
    const results = { order: { value: "N:12345678901234567890" }, list: { value: ["N:9007199254740993"] } };
    const body = unquoted(aTranscription({ transcript, analysis: { data_collection_results: results } }));
    expect(await rowsOf(body, "tool_calls")).toMatchObject([
      {
        params_json: '{"card":9007199254740993}',
        result_json: '{"rate":[-0.12345678901234567890123,1e400]}',
        latency_secs: 0.25,
      },
    ]);
    expect(await rowsOf(body, "data_points")).toMatchObject([
      { name: "order", value: "12345678901234567890" },
      { name: "list", value: "[9007199254740993]" },
    ]);
  });

  test("are ids, times and unknown fields like other numbers", async () => {
    const metadata = metadataWith({ start_time_unix_secs: `N:${START}.000000000000001`, cost: "N:1e400" });
    const more = { conversation_id: "N:12345678901234567890", version_id: "N:9007199254740993", new: "N:1e400" };
    const world = aWorld();
    expect(await world.delivered(unquoted(aTranscription({ metadata, ...more })))).toBe(
      "12025550101/12345678901234567890.json",
    );
    const body = unquoted(aTranscription({ metadata, ...more }));
    expect(await conversationOf(body)).toMatchObject({
      conversation_id: "12345678901234567890",
      version_id: "9007199254740993",
      cost_credits: null,
      started_at: new Date(1000 * START),
    });
    expect(await rowsOf(body, "unknown_fields")).toMatchObject([{ field: "data.new", json_type: "number" }]);
  });
});

describe("NaN and Infinity", () => {
  const metadata = metadataWith({ cost: "N:Infinity", charging: { llm_price: "N:NaN", tier: "NaN" } });
  const analysis = {
    transcript_summary: "NaN, -Infinity",
    data_collection_results: { a: { value: "N:NaN" }, b: { value: ["N:NaN", "N:NaN"] }, c: { value: "N:NaN" } },
  };
  const turn = { role: "user", message: "N:NaN", time_in_call_secs: "N:-Infinity", new: "N:NaN" };
  const body = unquoted(aTranscription({ metadata, analysis, transcript: [turn, turn] }));

  test("are read as null, and the call is stored with its caller, byte for byte", async () => {
    const world = aWorld();
    const key = await world.delivered(body);
    expect(key).toBe("12025550101/conv_1.json");
    expect(world.archive.objects.get(key)?.body.equals(body)).toBe(true);
    expect(await world.process(key)).toMatchObject({ outcome: "processed" });
    expect(await world.rows("conversations")).toMatchObject([
      { duration_secs: 40, cost_credits: null, llm_price_usd: null, summary: "NaN, -Infinity", turn_count: 2 },
    ]);
    expect(await world.rows("data_points")).toMatchObject([{ value: null }, { value: "[null,null]" }, { value: null }]);
  });

  test("are listed with their fields", async () => {
    const rows = (await rowsOf(body, "unknown_fields")).filter(({ status }) => status === "invalid");
    expect(rows.map(({ field, json_type, seen_count }) => [field, json_type, seen_count])).toEqual([
      ["data.transcript[].message", "NaN", 2],
      ["data.transcript[].time_in_call_secs", "-Infinity", 2],
      ["data.transcript[].new", "NaN", 2],
      ["data.metadata.cost", "Infinity", 1],
      ["data.metadata.charging.llm_price", "NaN", 1],
      ["data.analysis.data_collection_results.*.value", "NaN", 2],
      ["data.analysis.data_collection_results.*.value[]", "NaN", 2],
    ]);
  });

  test.each(["constructor", "__proto__", "toString", "[]", "*", ""])("are listed in a field named %j", async (name) => {
    const odd = unquoted(aTranscription({}, JSON.parse(`{"${name}": {"${name}": {"a": "N:NaN"}}}`)));
    expect(await rowsOf(odd, "unknown_fields")).toContainEqual(expect.objectContaining({ json_type: "NaN" }));
  });

  test("are listed under data if the body is the bare data", async () => {
    const { data } = JSON.parse(aTranscription({ metadata: metadataWith({ cost: "N:NaN" }) }).toString());
    expect(await rowsOf(unquoted(Buffer.from(JSON.stringify(data))), "unknown_fields")).toMatchObject([
      { field: "data.metadata.cost", json_type: "NaN" },
    ]);
  });

  test("do not change the key of a long call or of a failed attempt", () => {
    const long = unquoted(
      aTranscription({ metadata, transcript: Array(150).fill({ ...turn, reasoning: "x".repeat(2000) }) }),
    );
    expect(rawKey(readEnvelope(long), long, undefined)).toBe("12025550101/conv_1.json");
    const failed = unquoted(aFailure({ metadata: { type: "twilio", body: { To: "+442079460100", Price: "N:NaN" } } }));
    expect(rawKey(readEvent(failed), failed, undefined)).toBe("442079460100/conv_1.failure.json");
  });
});

test("lone surrogates and repeated names in a body with NaN give rows", async () => {
  const sent = aTranscription({ agent_name: "\ud83d", version_id: "N:NaN" }).toString();
  const body = unquoted(
    Buffer.from(sent.replace('"status":"done"', '"status":"NaN", "status": "N:NaN", "status": "done"')),
  );
  expect(await conversationOf(body)).toMatchObject({ agent_name: "\ufffd", version_id: null, status: "done" });
});
