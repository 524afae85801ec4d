import { describe, expect, test } from "vitest";
import { at, entries, list, number } from "../../../handlers/call/json.ts";
import { mp3Frames } from "./mp3-frames.ts";
import { ANSWERED, toolCallsOf, toolResultsOf, turnsOf, WEEK } from "./sample-week.ts";

const total = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);
const secondsOf = (turn: unknown) => number(at(turn, "time_in_call_secs")) ?? Number.NaN;

describe("in every call", () => {
  test("the entry after a tool call has its result, with the same request_id and name", () => {
    for (const { data } of ANSWERED) {
      const which = (tool: unknown) => [at(tool, "request_id"), at(tool, "tool_name")];
      expect(toolResultsOf(data).map(which)).toEqual(toolCallsOf(data).map(which));
      for (const [index, turn] of turnsOf(data).entries()) {
        if (list(at(turn, "tool_calls")).length === 0) continue;
        expect(list(at(turnsOf(data)[index + 1], "tool_results"))).toHaveLength(1);
        expect(JSON.parse(String(at(list(at(turn, "tool_calls"))[0], "params_as_json")))).toBeTypeOf("object");
      }
    }
  });

  test("entries are in order of time, and the call lasts at least until the last one", () => {
    for (const { data } of ANSWERED) {
      const times = turnsOf(data).map(secondsOf);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(number(at(data, "metadata", "call_duration_secs"))).toBeGreaterThanOrEqual(times.at(-1) ?? 0);
    }
  });

  test("the message of an interrupted entry is the beginning of its original message", () => {
    const interrupted = ANSWERED.flatMap(({ data }) => turnsOf(data)).filter((turn) => at(turn, "interrupted"));
    expect(interrupted.length).toBeGreaterThan(3);
    for (const turn of interrupted) {
      const heard = String(at(turn, "message")).replace(/\.\.\.$/, "");
      expect(String(at(turn, "original_message")).startsWith(heard)).toBe(true);
    }
  });

  test("the language model costs of the turns sum up to the used generations, which cost at most the initiated ones", () => {
    for (const { data } of ANSWERED) {
      const charging = at(data, "metadata", "charging");
      const used = priceOf(at(charging, "llm_usage", "irreversible_generation"));
      const begun = priceOf(at(charging, "llm_usage", "initiated_generation"));
      expect(total(turnsOf(data).map((turn) => priceOf(at(turn, "llm_usage"))))).toBeCloseTo(used, 12);
      expect(used).toBeLessThanOrEqual(begun + 1e-12);
      expect(number(at(charging, "llm_price"))).toBeCloseTo(begun, 12);
    }
  });

  test("the cost is the sum of the language model charge and the call charge", () => {
    for (const { data } of ANSWERED) {
      const { llm_charge, call_charge } = Object(at(data, "metadata", "charging"));
      expect(at(data, "metadata", "cost")).toBe(llm_charge + call_charge);
    }
  });

  test("the counts of likes, dislikes and retrievals match the entries", () => {
    for (const { data } of ANSWERED) {
      const scores = turnsOf(data).map((turn) => at(turn, "feedback", "score"));
      expect(at(data, "metadata", "feedback", "likes")).toBe(scores.filter((score) => score === "like").length);
      expect(at(data, "metadata", "feedback", "dislikes")).toBe(scores.filter((score) => score === "dislike").length);
      const retrievals = turnsOf(data).filter((turn) => at(turn, "rag_retrieval_info")).length;
      expect(at(data, "metadata", "rag_usage", "usage_count") ?? 0).toBe(retrievals);
    }
  });

  test("every placeholder of a script is filled", () => {
    for (const { bodies } of WEEK) expect(bodies.transcription ?? "").not.toMatch(/\{[a-z_]+\}/);
  });
});

describe("every recording", () => {
  const recorded = WEEK.filter(({ mp3 }) => mp3);

  test("equals the base64 in its body", () => {
    for (const { bodies, mp3 } of recorded) {
      const encoded = at(JSON.parse(bodies.audio ?? bodies.transcription ?? ""), "data", "full_audio");
      expect(Buffer.from(String(encoded), "base64").equals(mp3 ?? Buffer.of())).toBe(true);
    }
  });

  test("is valid to its end, lasts as long as the call and has unique bytes", () => {
    for (const { call, data } of ANSWERED) {
      if (!call.mp3) continue;
      const { frames, endsAt, sampleRate } = mp3Frames(call.mp3);
      expect(endsAt).toBe(call.mp3.length);
      expect((frames.length * 1152) / sampleRate).toBeCloseTo(Number(at(data, "metadata", "call_duration_secs")), 1);
    }
    expect(new Set(recorded.map(({ mp3 }) => mp3?.toString("latin1"))).size).toBe(recorded.length);
  });

  test("matches has_audio if the body has that field", () => {
    for (const { call, data } of ANSWERED) {
      const hasAudio = at(data, "has_audio");
      if (hasAudio !== undefined) expect(hasAudio).toBe(call.mp3 !== undefined);
    }
  });
});

/** The price of all models and categories in `{"model_usage": …}`. */
function priceOf(usage: unknown): number {
  const categories = entries(at(usage, "model_usage")).flatMap(([, model]) => entries(model));
  return total(categories.map(([, category]) => number(at(category, "price")) ?? Number.NaN));
}
