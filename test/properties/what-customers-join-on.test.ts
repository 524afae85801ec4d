import fc from "fast-check";
import { expect, test } from "vitest";
import { type KnownEvent, readEvent } from "../../handlers/call/event.ts";
import { dataPointRows, evaluationRows } from "../../handlers/call/rows/analysis-rows.ts";
import { variableRows } from "../../handlers/call/rows/variable-rows.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";

const aName = fc.string({ maxLength: 8 }).filter((name) => !/^\s*secret__/i.test(name));

test("each variable of any map has one row, and a list of the same variables has the same rows", () => {
  fc.assert(
    fc.property(fc.dictionary(aName, fc.jsonValue()), (variables) => {
      // As in JSON, where -0 is 0.
      const sent: Record<string, unknown> = JSON.parse(JSON.stringify(variables));
      const rows = rowsFrom({ conversation_initiation_client_data: { dynamic_variables: sent } }, variableRows);
      expect(rows.map(({ name, value }) => [name, value])).toEqual(
        Object.entries(sent).map(([name, value]) => [name, textOf(value)]),
      );
      const list = Object.entries(sent).map(([name, value]) => ({ name, value }));
      const initiation = { conversation_initiation_client_data: { dynamic_variables: list } };
      expect(rowsFrom(initiation, variableRows)).toEqual(rows);
    }),
    runs(50),
  );
});

test("a map of results, its list, and both together have the same rows", () => {
  const results = fc.dictionary(aName, fc.record({ rationale: fc.string(), value: fc.jsonValue() }));
  fc.assert(
    fc.property(results, (found) => {
      const named = Object.entries(found).map(
        ([id, each]) => [id, { ...each, criteria_id: id, data_collection_id: id }] as const,
      );
      const map = Object.fromEntries(named);
      const list = named.map(([, each]) => each);
      const asMap = { evaluation_criteria_results: map, data_collection_results: map };
      const asList = { evaluation_criteria_results_list: list, data_collection_results_list: list };
      const kinds: readonly ((event: KnownEvent) => readonly object[])[] = [evaluationRows, dataPointRows];
      for (const rowsOf of kinds) {
        const rows = rowsFrom({ analysis: asMap }, rowsOf);
        expect(rows).toHaveLength(named.length);
        expect(rowsFrom({ analysis: asList }, rowsOf)).toEqual(rows);
        expect(rowsFrom({ analysis: { ...asMap, ...asList } }, rowsOf)).toEqual(rows);
        const scoped = [{ source_agent_id: "agent_1", ...asMap, ...asList }];
        expect(rowsFrom({ analysis: { ...asList, scoped } }, rowsOf)).toEqual(rows);
      }
    }),
    runs(50),
  );
});

function rowsFrom<Row>(data: Record<string, unknown>, rows: (event: KnownEvent) => readonly Row[]): readonly Row[] {
  const event = readEvent(aTranscription(data));
  if (event.kind === "unrouted") throw new Error("It is no call");
  return rows(event);
}

function textOf(value: unknown): string | null {
  return value === null || typeof value === "string" ? value : JSON.stringify(value);
}
