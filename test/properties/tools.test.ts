import fc from "fast-check";
import { expect, test } from "vitest";
import { conversationRow } from "../../handlers/call/rows/conversation-row.ts";
import type { Provenance } from "../../handlers/call/rows/provenance.ts";
import { toolCallRows } from "../../handlers/call/rows/tool-call-rows.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { knownEvent } from "../support/fixtures/known-event.ts";
import { NOW } from "../support/fixtures/world.ts";

type Id = string | number | null | undefined;

/** Tool calls and their results: the entries of a transcript, or a workflow's step. */
interface Group {
  readonly calls: readonly Id[];
  readonly results: readonly Result[];
}

interface Result {
  readonly id: Id;
  readonly steps: readonly Group[];
  readonly place: "result" | "result_value" | "both";
}

/** A tool call or a result, with the id of its workflow. */
interface Expected {
  readonly id: string | null;
  readonly parent: string | null;
}

const id = fc.constantFrom("a", "b", "c", "", 7, null, undefined);

const { group: anyGroup } = fc.letrec<{ group: Group; result: Result }>((tie) => ({
  group: fc.record({ calls: fc.array(id, { maxLength: 4 }), results: fc.array(tie("result"), { maxLength: 4 }) }),
  result: fc.record({
    id,
    steps: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("group"), { maxLength: 3 })),
    place: fc.constantFrom("result", "result_value", "both"),
  }),
}));

test("every tool call and every result is in one row, under its workflow, and the counts are those of the rows", () => {
  fc.assert(
    fc.property(anyGroup, (group) => {
      const calls: Expected[] = [];
      const results: Expected[] = [];
      const event = knownEvent(aTranscription({ transcript: [turnOf(group, calls, results)] }));
      const rows = toolCallRows(event);
      const inRow = (row: (typeof rows)[number]) => ({ id: row.request_id, parent: row.parent_request_id });

      for (const row of rows) {
        if (row.params_json !== null) expect(inRow(row)).toEqual(calls[Number(row.params_json)]);
        if (row.error_message !== null) expect(inRow(row)).toEqual(results[Number(row.error_message)]);
      }
      const numbersIn = (column: "params_json" | "error_message") =>
        rows.flatMap((row) => (row[column] === null ? [] : [Number(row[column])])).sort((one, other) => one - other);
      expect(numbersIn("params_json")).toEqual(calls.map((_, n) => n));
      expect(numbersIn("error_message")).toEqual(results.map((_, n) => n));

      const row = conversationRow(event, FROM, undefined);
      expect(row.tool_call_count).toBe(rows.length);
      expect(row.tool_error_count).toBe(rows.filter(({ is_error }) => is_error).length);
    }),
    runs(100),
  );
});

test("each id has as many rows as tool calls or results, whichever are more", () => {
  const ids = fc.array(id, { maxLength: 12 });
  fc.assert(
    fc.property(ids, ids, (calls, returned) => {
      const results = returned.map((each) => ({ id: each, steps: [], place: "both" as const }));
      const rows = toolCallRows(knownEvent(aTranscription({ transcript: [turnOf({ calls, results }, [], [])] })));
      for (const each of ["a", "b", "c", "", 7]) {
        const count = (list: readonly Id[]) => list.filter((one) => one === each).length;
        expect(rows.filter((row) => row.request_id === String(each))).toHaveLength(
          Math.max(count(calls), count(returned)),
        );
      }
    }),
    runs(50),
  );
});

/** The entry of a transcript with this group. Each item has its number in `calls` or `results`, which are filled. */
function turnOf(group: Group, calls: Expected[], results: Expected[]) {
  const { requests, results: tool_results } = itemsOf(group, null, calls, results);
  return { role: "agent", tool_calls: requests, tool_results };
}

function itemsOf(
  group: Group,
  parent: string | null,
  calls: Expected[],
  results: Expected[],
): Record<string, unknown[]> {
  return {
    requests: group.calls.map((request_id) => {
      const params_as_json = String(calls.push({ id: textOf(request_id), parent }) - 1);
      return { request_id, params_as_json };
    }),
    results: group.results.map(({ id: request_id, steps, place }) => {
      const raw_error_message = String(results.push({ id: textOf(request_id), parent }) - 1);
      const value = { steps: steps.map((step) => itemsOf(step, textOf(request_id), calls, results)) };
      return {
        ...{ request_id, raw_error_message, type: "workflow", is_error: steps.length === 1 },
        ...(place === "result" ? {} : { result_value: JSON.stringify(value) }),
        ...(place === "result_value" ? {} : { result: value }),
      };
    }),
  };
}

function textOf(request: Id): string | null {
  return request === null || request === undefined ? null : String(request);
}

const FROM: Provenance = {
  ...{ key: "12025550101/conv_1.json", caller: "12025550101", bytes: 1, sha256: "", receivedAt: NOW },
  source: "webhook",
};
