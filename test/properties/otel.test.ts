import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../handlers/call/event.ts";
import type { Provenance } from "../../handlers/call/rows/provenance.ts";
import { callRows } from "../../handlers/call/rows/table-rows.ts";
import { change, jsonChange, jsonOf, placesIn, treeOf } from "../support/fixtures/arbitrary-json.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import {
  aCallSpan,
  anAgentSpan,
  anOtelCall,
  aSpan,
  aUserSpan,
  otelData,
  spansOfACall,
} from "../support/fixtures/otel.ts";
import { NOW } from "../support/fixtures/world.ts";

const turn = fc.record({
  isUser: fc.boolean(),
  text: fc.string(),
  tools: fc.nat(2),
  tokens: fc.nat(),
  /** More than 1 leaves a hole in the indices. */
  step: fc.integer({ min: 1, max: 3 }),
});

/** The spans of a call, of its turns and of their tools. Attributes are in an object. Each tool has another start. */
const call = fc.array(turn, { maxLength: 8 }).map((turns) => {
  let index = -1;
  const ofTurns = turns.flatMap(({ isUser, text, tools, tokens, step }, n) => {
    index += step;
    const [id, start] = [`t${n}`, 10 * n];
    if (isUser) return [aUserSpan(index, text, { id, start })];
    const attributes = {
      "llm_usage.m-1.5.input": `{'tokens': ${tokens}}`,
      "metric.convai_llm_service_ttfb_ms": tokens,
    };
    const used = Array.from({ length: tools }, (_, tool) =>
      aSpan(`tool.x${tool}`, {
        id: `${id}.${tool}`,
        parent: id,
        start: start + tool,
        attributes: { "tool.result": text },
      }),
    );
    return [anAgentSpan(index, text, { id, start, attributes }), ...used];
  });
  const attributes = {
    user_id: "anna",
    "analysis.data_collection_results.a": "{'value': 1}",
    "analysis.call_successful": "success",
  };
  return [aCallSpan(attributes), ...ofTurns];
});

test("the rows of a call do not depend on how its spans are ordered, repeated and distributed", () => {
  const permuted = call.chain((spans) =>
    fc.tuple(fc.constant(spans), fc.shuffledSubarray([...spans, ...spans], { minLength: 2 * spans.length })),
  );
  fc.assert(
    fc.property(permuted, fc.integer({ min: 1, max: 4 }), ([spans, all], parts) => {
      const sent = all.map((span) => ({ ...span, attributes: span.attributes.toReversed() }));
      const scopes = Array.from({ length: parts }, (_, part) => sent.filter((_, n) => n % parts === part));
      const resourceSpans = scopes.map((each) => ({
        scopeSpans: [{ spans: each.slice(1) }, {}, { spans: each.slice(0, 1) }],
      }));
      expect(rowsOf(anOtelCall([], { otlp_traces: { resourceSpans } }))).toEqual(rowsOf(anOtelCall(spans)));
    }),
    runs(20),
  );
});

test("a call keeps its conversation id and has its row, whatever its spans contain", () => {
  const tree = () => treeOf(otelData(spansOfACall())["otlp_traces"]);
  const places = [...placesIn(tree()).keys()];
  const changed = fc
    .array(fc.tuple(fc.constantFrom(...places), fc.nat(), jsonChange), { maxLength: 5 })
    .map((changes) => {
      const traces = tree();
      for (const [path, nth, to] of changes) change(traces, path, nth, to);
      return jsonOf(traces);
    });
  fc.assert(
    fc.property(fc.oneof(changed, fc.json()), (traces) => {
      const body = Buffer.from(
        `{"type": "post_call_transcription_otel", "data": {"conversation_id": "conv_1", "otlp_traces": ${traces}}}`,
      );
      expect(readEvent(body)).toMatchObject({ kind: "transcription", conversationId: "conv_1" });
      expect(rowsOf(body)["conversations"]).toHaveLength(1);
    }),
    runs(20),
  );
});

/** The rows by table. Those of one table are in an order that depends on their cells only. */
function rowsOf(body: Buffer): Readonly<Record<string, readonly string[]>> {
  const event = readEvent(body);
  if (event.kind === "unrouted") throw new Error(event.reason);
  const asText = (row: object) => JSON.stringify(row, (_, cell) => (typeof cell === "bigint" ? `${cell}` : cell));
  // What is not known to this version is listed by name, not read.
  const known = callRows(event, FROM).filter(([{ name }]) => name !== "unknown_fields");
  return Object.fromEntries(known.map(([{ name }, rows]) => [name, rows.map(asText).sort()]));
}

const FROM: Provenance = {
  key: "12025550101/conv_1.json",
  caller: "12025550101",
  bytes: 1,
  sha256: "0".repeat(64),
  receivedAt: NOW,
  source: "webhook",
};
