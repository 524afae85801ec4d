import { expect, test } from "vitest";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aWorld, rowsOf } from "../../support/fixtures/world.ts";

const POLITE = { criteria_id: "polite", result: "success", rationale: "ok", score: 2, max_score: 3 };
const ORDER = { data_collection_id: "order", name: "Order", value: 7, rationale: "stated" };

const CALL = { conversation_id: "conv_1", agent_id: "agent_1", scope: "conversation" };
const POLITE_ROW = { ...CALL, ...POLITE };
const ORDER_ROW = { ...CALL, name: "order", value: "7", value_type: "number", rationale: "stated" };

const evaluationsOf = (analysis: unknown) => rowsOf(aTranscription({ analysis }), "evaluations");
const dataPointsOf = (analysis: unknown) => rowsOf(aTranscription({ analysis }), "data_points");

test.each([
  ["a map", { polite: POLITE }, undefined],
  ["a list", undefined, [POLITE]],
  ["a list, beside an empty map", {}, [POLITE]],
  ["both, which are the same", { polite: POLITE }, [POLITE]],
  ["a list in the place of the map", [POLITE], null],
  ["a map in the place of the list", null, { polite: POLITE }],
  ["a list with a repeated entry and odd ones", {}, [POLITE, POLITE, null, "x", []]],
])("a criterion has one row from %s", async (_, evaluation_criteria_results, evaluation_criteria_results_list) => {
  expect(await evaluationsOf({ evaluation_criteria_results, evaluation_criteria_results_list })).toEqual([POLITE_ROW]);
});

test("the list adds what the map does not have", async () => {
  const analysis = {
    evaluation_criteria_results: { polite: POLITE },
    evaluation_criteria_results_list: [POLITE, { criteria_id: "solved", result: "failure" }, { result: "unknown" }],
    data_collection_results: { order: ORDER },
    data_collection_results_list: [ORDER, { name: "city", value: "Bonn", json_schema: { type: "string" } }],
  };
  expect(await evaluationsOf(analysis)).toMatchObject([
    { criteria_id: "polite" },
    { criteria_id: "solved", result: "failure" },
    { criteria_id: null, result: "unknown" },
  ]);
  expect(await dataPointsOf(analysis)).toMatchObject([ORDER_ROW, { name: "city", value: "Bonn" }]);
});

test("a value without a schema has the type of the value", async () => {
  const values = { a: 1.5, b: "x", c: true, d: ["x"], e: { f: 1 }, g: null };
  const results = Object.entries(values).map(([name, value]) => [name, { value }]);
  const rows = await dataPointsOf({ data_collection_results: Object.fromEntries(results) });
  expect(rows.map(({ value_type }) => value_type)).toEqual(["number", "string", "boolean", "array", "object", null]);
  const stated = {
    a: { value: 1, json_schema: { type: "integer" } },
    b: { value: null, json_schema: { type: "string" } },
  };
  expect(await dataPointsOf({ data_collection_results: stated })).toMatchObject([
    { value_type: "integer" },
    { value_type: "string", value: null },
  ]);
});

test("the results of one agent of a call have that agent and its scope", async () => {
  const refunded = { criteria_id: "refunded", result: "failure", rationale: "no" };
  const analysis = {
    evaluation_criteria_results: { polite: POLITE },
    scoped: [
      {
        scope: "agent",
        source_agent_id: "agent_B",
        evaluation_criteria_results: { refunded, polite: POLITE },
        data_collection_results_list: [ORDER],
      },
      { scope: "agent", source_agent_id: "agent_1", evaluation_criteria_results_list: [refunded, POLITE] },
      { source_agent_id: "agent_C", evaluation_criteria_results: [refunded, refunded] },
    ],
  };
  const scoped = { ...CALL, scope: "agent" };
  expect(await evaluationsOf(analysis)).toMatchObject([
    POLITE_ROW,
    { ...scoped, agent_id: "agent_B", ...refunded },
    { ...scoped, agent_id: "agent_B", ...POLITE },
    { ...scoped, agent_id: "agent_1", ...refunded },
    { ...scoped, agent_id: "agent_C", ...refunded },
  ]);
  expect(await dataPointsOf(analysis)).toEqual([{ ...ORDER_ROW, scope: "agent", agent_id: "agent_B" }]);
});

test("the factual memory has the rationales of lists and of agents, each once", async () => {
  const world = aWorld();
  const analysis = {
    transcript_summary: "A refund.",
    evaluation_criteria_results: { polite: POLITE },
    evaluation_criteria_results_list: [POLITE, { criteria_id: "solved", rationale: "It was solved." }],
    scoped: [{ source_agent_id: "agent_B", evaluation_criteria_results: { refunded: { rationale: "No refund." } } }],
  };
  await world.take(aTranscription({ analysis }));
  const [factual] = world.memories.all.filter(({ type }) => type === "factual");
  expect(factual?.messages).toEqual([{ role: "assistant", content: "A refund.\nok\nIt was solved.\nNo refund." }]);
});

test("odd results give rows of the call, and refuse no call", async () => {
  for (const odd of [null, 7, "x", [null], { a: null }, [[]], { scope: 1 }]) {
    const analysis = { evaluation_criteria_results_list: odd, data_collection_results_list: odd, scoped: odd };
    const world = aWorld();
    await world.take(aTranscription({ analysis }));
    expect(await world.rows("conversations")).toHaveLength(1);
  }
});
