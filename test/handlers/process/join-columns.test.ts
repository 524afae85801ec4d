import { describe, expect, test } from "vitest";
import { aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { conversationOf } from "../../support/fixtures/world.ts";

const rowWith = (metadata: Record<string, unknown>, data: Record<string, unknown> = {}) =>
  conversationOf(aTranscription({ ...data, metadata: metadataWith(metadata) }));

test("a row has what customers join on: environment, tags, batch, campaign, error, warnings and time zone", async () => {
  const metadata = {
    batch_call: {
      batch_call_id: "btcal_1",
      batch_call_recipient_id: "rcpt_9",
      campaign: { campaign_id: "cmp_1", campaign_lead_id: "lead_4" },
    },
    error: { code: 1002, reason: "LLM quota exceeded" },
    warnings: ["asr degraded", { code: 7 }, null],
    timezone: "America/Chicago",
    queue_wait_secs: 42,
    accepted_time_unix_secs: null,
  };
  expect(await rowWith(metadata, { environment: "staging", tag_ids: ["tag_vip", "tag_new"] })).toMatchObject({
    environment: "staging",
    tag_ids: "tag_vip,tag_new",
    batch_call_id: "btcal_1",
    batch_recipient_id: "rcpt_9",
    campaign_id: "cmp_1",
    campaign_lead_id: "lead_4",
    error_code: "1002",
    error_reason: "LLM quota exceeded",
    warnings: 'asr degraded\n{"code":7}',
    timezone: "America/Chicago",
    queue_wait_secs: 42,
    acceptance_wait_secs: null,
  });
});

test("the environment may stand in the data of the initiation", async () => {
  const initiation = { conversation_initiation_client_data: { environment: "staging" } };
  expect(await rowWith({}, initiation)).toMatchObject({ environment: "staging" });
  expect(await rowWith({}, { ...initiation, environment: "production" })).toMatchObject({ environment: "production" });
});

test.each([
  [[], null],
  [null, null],
  ["one", "one"],
  [7, "7"],
  [["a", 7, null, { tag_id: "b", name: "B" }, { id: "c" }, { name: "d" }], 'a,7,b,c,{"name":"d"}'],
  [{ name: "e" }, '{"name":"e"}'],
])("tags of any type are read: %j", async (tags, text) => {
  expect(await rowWith({}, { tag_ids: tags })).toMatchObject({ tag_ids: text });
});

test("surcharges are added up, and are not part of the cost", async () => {
  const charging = {
    voice_surcharge_charge: 400,
    regional_processing_surcharge_charge: "12.5",
    other_surcharge_charge: null,
    surcharge_price: 7,
    call_charge: 90,
  };
  expect(await rowWith({ cost: 100, charging })).toMatchObject({ cost_credits: 100, surcharge_credits: 412.5 });
  const twice = { a_surcharge_charge: 1e308, b_surcharge_charge: 1e308 };
  for (const odd of [undefined, null, [], { call_charge: 90 }, { surcharge_charge: "x" }, twice]) {
    expect(await rowWith({ charging: odd })).toMatchObject({ surcharge_credits: null });
  }
});

test("a like or a dislike of the whole call is kept", async () => {
  const feedback = { type: "thumbs", overall_score: "dislike", likes: 0, dislikes: 1, rating: null, comment: null };
  expect(await rowWith({ feedback })).toMatchObject({ overall_score: "dislike", likes: 0, dislikes: 1, rating: null });
});

describe("a machine answered", () => {
  const tool = (changes: Record<string, unknown>) => ({
    transcript: [{ role: "agent", message: null, tool_results: [changes] }],
  });
  const DETECTED = { result: { result_type: "voicemail_detection_success" } };
  const call = (call_result: unknown, data: Record<string, unknown> = {}) =>
    rowWith({ phone_call: { direction: "outbound", external_number: "+15550400005", call_result } }, data);

  test.each([
    ["voicemail", true],
    ["Voicemail", true],
    ["machine_start", true],
    ["answered", false],
    ["busy", null],
    ["no_answer", null],
    ["failed", null],
    ["", null],
    [null, null],
    [{}, null],
  ])("according to the carrier's result %j: %s", async (result, expected) => {
    expect(await call(result)).toMatchObject({ is_machine: expected });
  });

  test.each([
    ["a renamed tool that detected a mailbox", { tool_name: "hang_up", ...DETECTED }],
    ["a result whose value is JSON text", { result_value: '{"result_type": "voicemail_detection_success"}' }],
    [
      "ElevenLabs' own tool, without a type of result",
      { tool_name: "voicemail_detection", type: "system", is_error: false },
    ],
    ["a tool inside a workflow", { type: "workflow", result: { steps: [{ results: [{ ...DETECTED }] }] } }],
  ])("according to %s", async (_, result) => {
    expect(await call(null, tool(result))).toMatchObject({ is_machine: true });
    expect(await call("answered", tool(result))).toMatchObject({ is_machine: true });
  });

  test.each([
    ["a customer's own tool", { tool_name: "voicemail_detection", type: "webhook", is_error: false }],
    [
      "a customer's tool that returns such a text",
      { type: "client", result_value: '{"result_type": "voicemail_detection_success"}' },
    ],
    ["an error", { tool_name: "voicemail_detection", type: "system", is_error: true }],
    ["a tool that was not called", { tool_name: "voicemail_detection", tool_has_been_called: false, is_error: false }],
    ["another type of result", { tool_name: "voicemail_detection", result: { result_type: "end_call_success" } }],
  ])("not according to %s", async (_, result) => {
    expect(await call(null, tool(result))).toMatchObject({ is_machine: null });
  });
});
