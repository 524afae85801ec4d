import { describe, expect, test } from "vitest";
import { aTranscription, metadataWith, START } from "../../support/fixtures/events.ts";
import { aWorld, conversationOf, RECEIVED } from "../../support/fixtures/world.ts";

describe("a conversation's row", () => {
  test("contains the fields of the payload", async () => {
    const tokens = (price: number) => ({ input: { tokens: 10, price }, output_total: { tokens: 1, price: 0.25 } });
    const body = aTranscription({
      agent_name: "Front desk",
      branch_id: "br_1",
      version_id: "v_1",
      user_id: "anna",
      has_audio: true,
      transcript: [
        { role: "agent", message: "Hello", interrupted: true },
        { role: "user", message: "..." },
        { role: "user", message: "Hi" },
        { role: "agent", message: null, tool_calls: [{ request_id: "r", tool_name: "t" }] },
        { role: "agent", message: null, tool_results: [{ request_id: "r", is_error: true }] },
      ],
      metadata: metadataWith({
        accepted_time_unix_secs: START + 2,
        cost: 296,
        cost_fiat: 0.12,
        termination_reason: "client ended call",
        error: { code: 1002, reason: "x" },
        main_language: "en",
        text_only: false,
        feedback: { rating: 4, comment: "fine" },
        charging: {
          llm_price: 0.01,
          llm_usage: {
            initiated_generation: { model_usage: { a: tokens(0.5), b: tokens(1) } },
            irreversible_generation: { model_usage: { a: tokens(0.5) } },
          },
        },
      }),
      analysis: {
        call_successful: "failure",
        call_success_score: 0.5,
        call_summary_title: "Refund",
        transcript_summary: "A refund.",
      },
    });
    expect(await conversationOf(body)).toMatchObject({
      conversation_id: "conv_1",
      agent_id: "agent_1",
      agent_name: "Front desk",
      branch_id: "br_1",
      version_id: "v_1",
      user_id: "anna",
      caller: "12025550101",
      direction: "inbound",
      channel: "phone",
      agent_number: "+12025550199",
      status: "done",
      started_at: new Date(START * 1000),
      duration_secs: 40,
      acceptance_wait_secs: 2,
      cost_credits: 296,
      cost_usd: 0.12,
      llm_price_usd: 0.01,
      llm_initiated_usd: 2,
      llm_used_usd: 0.75,
      termination_reason: "client ended call",
      error_code: "1002",
      main_language: "en",
      text_only: false,
      call_successful: "failure",
      success_score: 0.5,
      title: "Refund",
      summary: "A refund.",
      rating: 4,
      feedback_comment: "fine",
      turn_count: 5,
      user_turn_count: 1,
      agent_turn_count: 1,
      silence_count: 1,
      unsaid_count: 0,
      tool_call_count: 1,
      tool_error_count: 1,
      interrupted_count: 1,
      first_user_message: "Hi",
      has_audio: true,
      event_at: new Date((START + 60) * 1000),
      received_at: new Date(RECEIVED),
      source: "webhook",
      raw_key: "12025550101/conv_1.json",
      raw_bytes: BigInt(body.length),
      processor_version: "4",
    });
  });

  test("counts what was said separately from silence and from text that was not said", async () => {
    const transcript = [
      { role: "user", message: "Please leave a message." },
      { role: "agent", message: null, tool_results: [{ tool_name: "voicemail_detection" }] },
      { role: "user", message: "The page changed.", contextual_update_info: { context_id: "page" } },
      { role: "user", message: "...", platform_event: "user_turn_timeout" },
      { role: "agent", message: "" },
      { role: "user", message: "Mhm.", ignored_as_backchannel: true },
      { role: "agent", message: null, multivoice_message: { parts: [{ text: "Once" }, { text: "upon a time." }] } },
      { role: "user", message: "", multivoice_message: { parts: [{ text: "Go" }, { text: "on." }] } },
      { role: "other", message: "Hello." },
    ];
    expect(await conversationOf(aTranscription({ transcript }))).toMatchObject({
      turn_count: 9,
      user_turn_count: 1,
      agent_turn_count: 1,
      silence_count: 2,
      unsaid_count: 3,
      first_user_message: "Go on.",
    });
  });

  test("has no first message of a person who said nothing", async () => {
    const transcript = [
      { role: "agent", message: "Hello?" },
      { role: "user", message: " … " },
    ];
    expect(await conversationOf(aTranscription({ transcript }))).toMatchObject({
      user_turn_count: 0,
      silence_count: 1,
      first_user_message: null,
    });
  });

  test.each([
    ["phone", { phone_call: { type: "twilio", external_number: "+12025550101" } }],
    ["sip", { phone_call: { type: "sip_trunk", external_number: "1001" } }],
    ["whatsapp", { phone_call: null, whatsapp: { whatsapp_user_id: "447700900123" } }],
    ["sms", { phone_call: null, sms: { sms_user_phone_number: "+447700900123" } }],
    ["web", { phone_call: null, whatsapp: null }],
  ])("contains the channel: %s", async (channel, changes) => {
    expect(await conversationOf(aTranscription({ metadata: metadataWith(changes) }))).toMatchObject({ channel });
  });
});

describe("the day of a call", () => {
  const RECEIVED_DAY = RECEIVED.slice(0, 10);
  const DAY = 86_400;
  const received = Date.parse(RECEIVED) / 1000;
  const dayWith = async (start: unknown, event_timestamp: unknown) => {
    const world = aWorld();
    const metadata = metadataWith({ start_time_unix_secs: start });
    await world.take(aTranscription({ metadata }, { event_timestamp }));
    return [...world.analytics.objects.keys()][0]?.match(/dt=([\d-]+)/)?.[1];
  };

  test.each([
    ["its start", START - 2 * DAY, START, "2026-11-18"],
    ["its start as text", String(START - 2 * DAY), START, "2026-11-18"],
    ["the event if there is no start", null, START - DAY, "2026-11-19"],
    ["its receipt if there is neither", undefined, undefined, RECEIVED_DAY],
    ["the last second of a UTC day", Date.UTC(2025, 11, 31, 23, 59, 59) / 1000, START, "2025-12-31"],
    ["the first second of the tables", Date.UTC(2023, 0, 1) / 1000, START, "2023-01-01"],
    ["the event if the start is before the tables", Date.UTC(2022, 11, 31, 23, 59, 59) / 1000, START, "2026-11-20"],
    ["a start one day after receipt", received + DAY, START, "2026-11-21"],
    ["the event if the start is more than a day after receipt", received + DAY + 1, START, "2026-11-20"],
    ["its receipt if neither time is plausible", 0, 9e15, RECEIVED_DAY],
  ])("is the day of %s", async (_, start, event, day) => {
    expect(await dayWith(start, event)).toBe(day);
  });
});
