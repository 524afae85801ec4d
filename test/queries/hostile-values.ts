import { expect } from "vitest";
import { type QueryEngine, QueryFailed, type QueryResult } from "../../queries/engine/query-engine.ts";
import type { Parameter, SavedQuery } from "../../queries/engine/saved-queries.ts";
import type { Tables } from "./analytics-folder.ts";
import { anyValues } from "./cases.ts";

/** Values that try to change a query, or that do so by accident. */
export const HOSTILE = {
  "SQL that ends a text": "' or 1=1 --",
  "a second statement": "'; drop table turns; --",
  "10 kB": "x'".repeat(5_000),
  "an emoji": "👩‍👩‍👧",
  "a negative number": "-5",
} as const;

/** A call with rows in these tables. A query that lost its condition would return it. */
export const ONE_CALL: Tables = {
  conversations: [
    {
      dt: "2026-11-01",
      conversation_id: "c1",
      agent_id: "a1",
      caller: "12025550101",
      started_at: "2026-11-01T10:00:00Z",
    },
  ],
  turns: [
    { dt: "2026-11-01", conversation_id: "c1", turn_index: 0, role: "user", message: "hello", agent_id: "a1" },
    { dt: "2026-11-01", conversation_id: "c1", turn_index: 1, role: "agent", message: "hello", agent_id: "a1" },
  ],
  variables: [{ dt: "2026-11-01", conversation_id: "c1", name: "case_id", value: "7", value_type: "string" }],
  recordings: [{ dt: "2026-11-01", conversation_id: "c1", audio_key: "12025550101/c1.mp3" }],
};

/** Expects that `query` with `hostile` as a value has its usual columns, and the rows of a value without a match. */
export async function expectUnchanged(engine: QueryEngine, query: SavedQuery, hostile: string): Promise<void> {
  const usual = anyValues(query, "2026-11-01", "2026-11-02");
  const matchless = await matchlessAnswer(engine, query, usual);
  if (query.parameters.some(isText)) {
    const answer = await engine.run(query.sql, texts(query, usual, hostile));
    expect(answer.columns).toEqual(matchless.columns);
    expect(answer.rows).toEqual(matchless.rows);
  }

  // As a date it is ordinary text, and no call has such a day.
  const ofNoDay = await engine.run(query.sql, [hostile, hostile, ...usual.slice(2)]);
  expect(ofNoDay.columns).toEqual(matchless.columns);
  expect(ofNoDay.rows).toEqual([]);

  // For a number or a zone, the engine refuses it unless it is valid, like `-5`.
  for (const [index, parameter] of query.parameters.entries()) {
    if (isText(parameter) || index < 2) continue;
    try {
      const { columns } = await engine.run(query.sql, usual.with(index, hostile));
      expect(columns).toEqual(matchless.columns);
    } catch (error) {
      expect(error).toBeInstanceOf(QueryFailed);
      expect(String(error)).toMatch(/cast|convert|time ?zone/i);
    }
  }
}

/** The results of each engine without a match. They are cached, so each query runs once and not once for each value. */
const matchlessAnswers = new WeakMap<QueryEngine, Map<string, Promise<QueryResult>>>();

function matchlessAnswer(engine: QueryEngine, query: SavedQuery, usual: readonly string[]): Promise<QueryResult> {
  const answers = matchlessAnswers.get(engine) ?? new Map<string, Promise<QueryResult>>();
  matchlessAnswers.set(engine, answers);
  const answer = answers.get(query.name) ?? engine.run(query.sql, texts(query, usual, "matches nothing"));
  answers.set(query.name, answer);
  return answer;
}

/** `values` with `text` for each parameter that takes any text. */
function texts({ parameters }: SavedQuery, values: readonly string[], text: string): string[] {
  return values.map((value, index) => (parameters[index] && isText(parameters[index]) ? text : value));
}

function isText({ type }: Parameter): boolean {
  return type === "string";
}
