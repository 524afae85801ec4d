import { expect, test } from "vitest";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aWorld, rowsOf } from "../../support/fixtures/world.ts";

const withVariables = (dynamic_variables: unknown, data: Record<string, unknown> = {}) =>
  aTranscription({ conversation_initiation_client_data: { dynamic_variables }, ...data });

const update = (variable_name: unknown, new_value: unknown) => ({ variable_name, old_value: null, new_value });

const changing = (...updates: unknown[]) => ({ role: "agent", tool_results: [{ dynamic_variable_updates: updates }] });

test("each dynamic variable has a row with its value as text", async () => {
  const variables = {
    case_id: "CASE-20931",
    attempts: 3,
    is_new: false,
    empty: "",
    nothing: null,
    order: { lines: [1] },
    tags: ["a"],
    __proto__x: "plain",
    system__conversation_id: "conv_1",
  };
  const base = { conversation_id: "conv_1", source: "initiation", agent_id: "agent_1" };
  expect(await rowsOf(withVariables(variables), "variables")).toEqual(
    [
      ["case_id", "CASE-20931", "string"],
      ["attempts", "3", "number"],
      ["is_new", "false", "boolean"],
      ["empty", "", "string"],
      ["nothing", null, "null"],
      ["order", '{"lines":[1]}', "object"],
      ["tags", '["a"]', "array"],
      ["__proto__x", "plain", "string"],
      ["system__conversation_id", "conv_1", "string"],
    ].map(([name, value, value_type]) => ({ ...base, name, value, value_type })),
  );
});

test("secrets are in no table and in no memory, and the history of the conversation is no variable", async () => {
  const secrets = { secret__token: "hidden-1", SECRET__key: "hidden-2", " secret__x": "hidden-3" };
  const transcript = [changing(update("secret__token", "hidden-4"), update("tier", "gold"))];
  const world = aWorld();
  await world.take(withVariables({ ...secrets, system__conversation_history: "hidden-5" }, { transcript }));
  expect(await world.rows("variables")).toMatchObject([{ name: "tier", value: "gold", source: "tool" }]);
  const live = await Promise.all(
    ["conversations", "turns", "tool_calls", "unknown_fields"].map((table) => world.rows(table)),
  );
  const text = JSON.stringify([live, world.memories.all], (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
  expect(text).not.toContain("hidden");
});

test("a variable that tools change has the last value in the order of the transcript", async () => {
  const nested = { result: { steps: [{ results: [{ dynamic_variable_updates: [update("tier", "silver")] }] }] } };
  const transcript = [
    changing(update("tier", "bronze"), update("status", "open")),
    { role: "agent", tool_results: [{ ...nested, dynamic_variable_updates: [update("tier", "gold")] }] },
    changing(update("status", { code: 7 }), update(null, "x"), null, "x"),
    { role: "agent", tool_results: [{ dynamic_variable_updates: "x" }] },
  ];
  expect(await rowsOf(withVariables({ tier: "none", case_id: "1" }, { transcript }), "variables")).toMatchObject([
    { name: "tier", value: "gold", source: "tool" },
    { name: "case_id", value: "1", source: "initiation" },
    { name: "status", value: '{"code":7}', value_type: "object", source: "tool" },
  ]);
});

test("variables may come as a list, in which the last value of a name counts", async () => {
  const list = [
    { name: "a", value: "1" },
    { name: "b", value: 2 },
    { value: "no name" },
    null,
    { name: "a", value: "3" },
  ];
  expect(await rowsOf(withVariables(list), "variables")).toMatchObject([
    { name: "a", value: "3", value_type: "string" },
    { name: "b", value: "2", value_type: "number" },
  ]);
});

test("odd variables give no rows, and refuse no call", async () => {
  for (const odd of [undefined, null, "x", 7, true, [], {}, [[]]]) {
    const world = aWorld();
    await world.take(withVariables(odd));
    expect(await world.rows("variables")).toEqual([]);
    expect(await world.rows("conversations")).toHaveLength(1);
  }
});

test("a value of 1 MB and 2,000 variables have their rows", async () => {
  const long = "x".repeat(1_000_000);
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`name_${n}`, `value ${n}`]));
  const rows = await rowsOf(withVariables({ long, ...many }), "variables");
  expect(rows).toHaveLength(2_001);
  expect(rows[0]?.["value"]).toBe(long);
});

test("a value that is nested too deep for text keeps its row, and its call", async () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const body = Buffer.from(withVariables({ deep: "DEEP", tier: "gold" }).toString().replace('"DEEP"', deep));
  expect(await rowsOf(body, "variables")).toMatchObject([
    { name: "deep", value: null, value_type: "array" },
    { name: "tier", value: "gold" },
  ]);
});

test("workflows nested to any depth are read", async () => {
  const open = '{"result":{"steps":[{"results":['.repeat(5_000);
  const close = "]}]}}".repeat(5_000);
  const inner = '{"dynamic_variable_updates":[{"variable_name":"tier","new_value":"gold"}]}';
  const body = withVariables({}, { transcript: [{ role: "agent", tool_results: ["NESTED"] }] }).toString();
  const rows = await rowsOf(Buffer.from(body.replace('"NESTED"', `${open}${inner}${close}`)), "variables");
  expect(rows).toMatchObject([{ name: "tier", value: "gold", source: "tool" }]);
});

test("a number with many digits keeps all of them", async () => {
  const body = withVariables({ order_id: "LONG", lines: ["LONG"] }).toString();
  const rows = await rowsOf(Buffer.from(body.replaceAll('"LONG"', "12345678901234567890")), "variables");
  expect(rows).toMatchObject([
    { name: "order_id", value: "12345678901234567890", value_type: "number" },
    { name: "lines", value: "[12345678901234567890]", value_type: "array" },
  ]);
});
