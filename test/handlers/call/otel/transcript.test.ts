import { describe, expect, test } from "vitest";
import { at, list } from "../../../../handlers/call/json.ts";
import { callOfSpans } from "../../../../handlers/call/otel/call-of-spans.ts";
import {
  aCallSpan,
  anAgentSpan,
  aSpan,
  aUserSpan,
  CALL_SPAN,
  nanos,
  otelData,
} from "../../../support/fixtures/otel.ts";

/** The transcript of a call that has these spans besides its own. */
const transcriptOf = (...spans: readonly unknown[]) =>
  list(at(callOfSpans(otelData([aCallSpan(), ...spans])), "transcript"));

/** Who said what, in order. */
const said = (...spans: readonly unknown[]) =>
  transcriptOf(...spans).map((entry) => [at(entry, "turn_index"), at(entry, "message")]);

describe("the order of turns", () => {
  test("is that of their indices, whatever the times and the order of the spans", () => {
    const [agent, user, last] = [
      anAgentSpan(0, "a", { start: 4 }),
      aUserSpan(1, "b", { start: 4 }),
      anAgentSpan(2, "c"),
    ];
    expect(said(last, user, agent)).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
  });

  test("keeps holes: a turn has its stated index", () => {
    expect(said(anAgentSpan(7, "c"), anAgentSpan(0, "a"), aUserSpan(3, "b"))).toEqual([
      [0, "a"],
      [3, "b"],
      [7, "c"],
    ]);
  });

  test("keeps both turns of one index, the earlier one first", () => {
    expect(said(anAgentSpan(1, "b", { start: 2 }), aUserSpan(1, "a", { start: 1 }))).toEqual([
      [1, "a"],
      [1, "b"],
    ]);
  });

  test("without indices is that of the times, then of the spans", () => {
    const spans = [anAgentSpan(undefined, "c", { start: 9 }), aUserSpan(undefined, "a"), anAgentSpan(undefined, "b")];
    expect(said(...spans)).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
  });

  test("ends with the turns without an index, which get the next ones", () => {
    const spans = [
      aUserSpan(undefined, "d", { start: 5 }),
      anAgentSpan(undefined, "c", { start: 3 }),
      anAgentSpan(4, "b"),
      aUserSpan(0, "a"),
    ];
    expect(said(...spans)).toEqual([
      [0, "a"],
      [4, "b"],
      [5, "c"],
      [6, "d"],
    ]);
  });

  test.each([-1, 0.5, 2 ** 31, "x", { kvlistValue: {} }])("ignores an index that is none: %s", (index) => {
    expect(said(aSpan("recv.user_transcript", { attributes: { "turn.index": index, "user.text": "a" } }))).toEqual([
      [0, "a"],
    ]);
  });

  test("accepts an index in any form of a number", () => {
    const indices = [{ intValue: 3 }, { stringValue: "2" }, { doubleValue: 1 }];
    const spans = indices.map((index, n) =>
      aSpan("recv.user_transcript", { attributes: { "turn.index": index, "user.text": `${n}` } }),
    );
    expect(said(...spans)).toEqual([
      [1, "2"],
      [2, "1"],
      [3, "0"],
    ]);
  });
});

describe("a turn", () => {
  test("has the role of its span", () => {
    expect(transcriptOf(aUserSpan(0, "a"), anAgentSpan(1, "b")).map((each) => at(each, "role"))).toEqual([
      "user",
      "agent",
    ]);
  });

  test("may be named without the prefix, or as in live monitoring, or be known by its words alone", () => {
    const spans = [
      aSpan("", {
        attributes: { "turn.index": 0 },
        members: {
          name: "recv.user_transcript",
          attributes: [
            { key: "turn.index", value: { intValue: "0" } },
            { key: "user.text", value: { stringValue: "a" } },
          ],
        },
      }),
      aSpan("event.agent_response", { attributes: { "turn.index": 1, "agent.text": "b" } }),
      aSpan("said", { attributes: { "turn.index": 2, "user.text": "c" } }),
    ];
    expect(said(...spans)).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
  });

  test("without a text has no message, and with an empty one an empty message", () => {
    const [none, empty] = transcriptOf(
      aSpan("recv.agent_response", { attributes: { "turn.index": 0 } }),
      anAgentSpan(1, ""),
    );
    expect([at(none, "message"), at(empty, "message")]).toEqual([undefined, ""]);
  });

  test.each([
    ["Let me look th...", true],
    ["Let me look th… ", true],
    ["Wait....", true],
    ["At nine.", false],
    ["...", false],
    [" . . . ", false],
    ["", false],
    ["Well... at nine.", false],
  ])("of the agent is interrupted if dots follow its words: %j %s", (text, interrupted) => {
    expect(transcriptOf(anAgentSpan(0, text))[0]).toMatchObject({ message: text, interrupted });
  });

  test("of the person is not known to be interrupted", () => {
    expect(at(transcriptOf(aUserSpan(0, "I want..."))[0], "interrupted")).toBeUndefined();
  });

  test("is at the seconds between the start of the call and its own", () => {
    const spans = [
      aUserSpan(0, "a", { start: 4 }),
      aUserSpan(1, "b", { start: 4.1 }),
      aUserSpan(2, "c", { start: -1 }),
    ];
    const numbered = aUserSpan(3, "d", { members: { startTimeUnixNano: Number(nanos(8)) } });
    const seconds = transcriptOf(...spans, numbered).map((each) => at(each, "time_in_call_secs"));
    expect(seconds).toEqual([4, 4.1, undefined, 8]);
  });

  test.each(["0", "-5", "1795801004", "x", null, 1e300, "9".repeat(400), {}])(
    "has no time if that is none: %s",
    (time) => {
      const [turn] = transcriptOf(aUserSpan(0, "a", { members: { startTimeUnixNano: time } }));
      expect(turn).toEqual({ role: "user", turn_index: 0, message: "a", tool_calls: [], tool_results: [] });
    },
  );

  test("that was sent twice is there once; spans without an id, or with an id of zeros, are all there", () => {
    const spans = [
      aUserSpan(0, "a", { id: "1" }),
      aUserSpan(0, "a", { id: "1" }),
      aUserSpan(1, "b"),
      aUserSpan(1, "b"),
    ];
    const zeros = [aUserSpan(2, "c", { id: "0000000000000000" }), aUserSpan(2, "c", { id: "0000000000000000" })];
    expect(said(...spans, ...zeros).map(([, message]) => message)).toEqual(["a", "b", "b", "c", "c"]);
  });

  test("that shares its id with another is kept", () => {
    expect(
      said(aUserSpan(0, "a", { id: "1" }), anAgentSpan(1, "b", { id: "1" })).map(([, message]) => message),
    ).toEqual(["a", "b"]);
  });

  test("has its measurements, in seconds, and the usage of each model by its kinds", () => {
    const attributes = {
      producing_llm: "gemini-2.0-flash-001",
      "llm_usage.gemini-2.0-flash-001.input": "{'tokens': 2172, 'price': 0.0003258}",
      "llm_usage.gemini-2.0-flash-001.output_total": '{"tokens": 40, "price": 2.4e-05}',
      "llm_usage.m.input": { kvlistValue: { values: [{ key: "tokens", value: { intValue: "7" } }] } },
      "llm_usage.m.output_total": 3,
      "llm_usage.m.odd": "<Usage 3>",
      "llm_usage.nothing": 1,
      "metric.convai_llm_service_ttfb_ms": 412.5,
      "metric.convai_tts_service_ttfb_ms": "a while",
      "metric.count": 3,
      "rag.latency_ms": 88,
      "rag.retrieval_query": "delivery",
      "rag.embedding_model": "e5",
    };
    expect(transcriptOf(anAgentSpan(0, "a", { attributes }))[0]).toMatchObject({
      producing_llm: "gemini-2.0-flash-001",
      llm_usage: {
        model_usage: {
          "gemini-2.0-flash-001": {
            input: { tokens: 2172, price: 0.0003258 },
            output_total: { tokens: 40, price: 2.4e-5 },
          },
          m: { input: { tokens: 7 }, output_total: { tokens: 3 }, odd: "<Usage 3>" },
        },
      },
      conversation_turn_metrics: { metrics: { convai_llm_service_ttfb: { elapsed_time: 0.4125 } } },
      rag_retrieval_info: { rag_latency_secs: 0.088, retrieval_query: "delivery", embedding_model: "e5" },
    });
  });

  test("of another agent states which", () => {
    const [turn] = transcriptOf(anAgentSpan(0, "a", { attributes: { agent_id: "agent_2" } }));
    expect(at(turn, "agent_metadata")).toEqual({ agent_id: "agent_2" });
  });

  test("lists the model that produced it, also without its usage", () => {
    const [turn] = transcriptOf(anAgentSpan(0, "a", { attributes: { producing_llm: "m" } }));
    expect(at(turn, "llm_usage")).toEqual({ model_usage: { m: {} } });
  });
});

describe("a tool", () => {
  const tool = (name: string, parent: string, start = 0) => aSpan(`tool.${name}`, { id: name, parent, start });
  const toolsOf = (...spans: readonly unknown[]) =>
    transcriptOf(...spans).map((turn) => [
      at(turn, "turn_index"),
      ...list(at(turn, "tool_calls")).map((call) => at(call, "tool_name")),
    ]);

  test("belongs to the turn that its span is in, in the order of the times", () => {
    const turns = [
      anAgentSpan(0, "a", { id: "t0" }),
      aUserSpan(1, "b", { id: "t1" }),
      anAgentSpan(2, "c", { id: "t2" }),
    ];
    expect(toolsOf(tool("z", "t2", 5), tool("y", "t2", 4), tool("x", "t0", 9), ...turns)).toEqual([
      [0, "x"],
      [1],
      [2, "y", "z"],
    ]);
  });

  test("inside another tool belongs to the turn of that one", () => {
    expect(toolsOf(anAgentSpan(3, "a", { id: "t" }), tool("outer", "t"), tool("inner", "outer"))).toEqual([
      [3, "outer", "inner"],
    ]);
  });

  test("in no turn belongs to the last turn of the agent before it, else to the first one", () => {
    const turns = [
      anAgentSpan(0, "a", { start: 2 }),
      aUserSpan(1, "b", { start: 3 }),
      anAgentSpan(2, "c", { start: 6 }),
    ];
    const tools = [tool("x", CALL_SPAN, 4), tool("y", "gone", 6), tool("z", "z", 1)];
    expect(toolsOf(...turns, ...tools)).toEqual([[0, "z", "x"], [1], [2, "y"]]);
  });

  test("has its own entry if the agent has no turn", () => {
    expect(toolsOf(tool("y", "gone", 5), aUserSpan(4, "a"), tool("x", "gone", 3))).toEqual([[4], [5, "x"], [6, "y"]]);
    expect(transcriptOf(tool("x", "gone", 3))).toMatchObject([{ role: "agent", time_in_call_secs: 3 }]);
  });

  test("in a circle of spans is kept", () => {
    expect(toolsOf(anAgentSpan(0, "a"), tool("x", "y"), tool("y", "x"))).toEqual([[0, "x", "y"]]);
  });
});
