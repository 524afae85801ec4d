import { describe, expect, test } from "vitest";
import { TABLES } from "../../../queries/tables/all.ts";
import { aTranscription, metadataWith, transcriptOf } from "../../support/fixtures/events.ts";
import { aWorld, conversationOf, rowsOf } from "../../support/fixtures/world.ts";

describe("odd payloads", () => {
  const ODD = [
    null,
    undefined,
    0,
    -1.5,
    1e300,
    "",
    "12",
    "true",
    true,
    [],
    [null],
    {},
    { a: 1 },
    "\ud800",
    "é🙂\u0000",
  ];
  const FIELDS = ["agent_id", "status", "user_id", "transcript", "metadata", "analysis", "has_audio", "version_id"];

  test.each(FIELDS)("give rows for any value of data.%s", async (field) => {
    for (const odd of ODD) expect(await conversationOf(aTranscription({ [field]: odd }))).toHaveProperty("raw_key");
  });

  test("give rows for any value of each field of metadata, of a turn and of the analysis", async () => {
    for (const odd of ODD) {
      const metadata = {
        start_time_unix_secs: odd,
        call_duration_secs: odd,
        cost: odd,
        feedback: odd,
        charging: odd,
        error: odd,
      };
      const more = { phone_call: odd, whatsapp: odd, sms: odd, text_only: odd, main_language: odd };
      const turn = { role: odd, message: odd, tool_calls: odd, tool_results: odd, llm_usage: odd, interrupted: odd };
      const numbers = {
        time_in_call_secs: odd,
        conversation_turn_metrics: odd,
        rag_retrieval_info: odd,
        feedback: odd,
      };
      const analysis = { evaluation_criteria_results: odd, data_collection_results: odd, call_success_score: odd };
      const transcript = [{ ...turn, ...numbers }, odd, { tool_calls: [odd], tool_results: [odd] }];
      const world = aWorld();
      await world.take(aTranscription({ metadata: { ...metadata, ...more }, transcript, analysis }));
      for (const { name } of TABLES) await world.rows(name);
      expect(await world.rows("turns")).toHaveLength(3);
    }
  });

  test("give the number of a text and the text of a number", async () => {
    const metadata = metadataWith({ call_duration_secs: "22", cost: "296.5", termination_reason: 7 });
    expect(await conversationOf(aTranscription({ metadata, version_id: 3 }))).toMatchObject({
      duration_secs: 22,
      cost_credits: 296.5,
      termination_reason: "7",
      version_id: "3",
    });
  });

  test("give rows for twenty thousand turns", async () => {
    const transcript = transcriptOf(...Array.from({ length: 20_000 }, (_, n) => `turn ${n}`));
    expect(await rowsOf(aTranscription({ transcript }), "turns")).toHaveLength(20_000);
  });
});
