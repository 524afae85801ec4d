import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { eachSampleCall, SHOWCASE_COUNT, sampleCalls } from "../../../infrastructure/samples/sample-calls.ts";
import { bodiesOf, SHOWCASE, UNTIL, WEEK } from "./sample-week.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

test("the same seed gives the same bytes", () => {
  const again = sampleCalls({ count: WEEK.length, seed: 7, until: UNTIL });
  expect(again.map(({ mp3, ...rest }) => rest)).toEqual(WEEK.map(({ mp3, ...rest }) => rest));
  for (const [index, { mp3 }] of again.entries())
    expect(mp3?.toString("latin1")).toBe(WEEK[index]?.mp3?.toString("latin1"));
});

test("another seed gives other ids and other details", () => {
  const [one] = sampleCalls({ count: 1, seed: 1, until: UNTIL });
  const [other] = sampleCalls({ count: 1, seed: 2, until: UNTIL });
  expect(one?.conversationId).not.toBe(other?.conversationId);
  expect(one?.shows).toBe(other?.shows);
});

test("a higher count does not change the ids and people of the first calls", () => {
  const identity = ({ conversationId, caller, shows }: (typeof WEEK)[number]) => ({ conversationId, caller, shows });
  const fewer = sampleCalls({ count: SHOWCASE_COUNT + 3, seed: 7, until: UNTIL });
  expect(fewer.map(identity)).toEqual(WEEK.slice(0, SHOWCASE_COUNT + 3).map(identity));
});

test("can be generated one by one, so that thousands need little memory", () => {
  const first = eachSampleCall({ count: 100_000, seed: 7, until: UNTIL }).next();
  expect(first.value).toHaveProperty("conversationId", WEEK[0]?.conversationId);
});

test.each([0, 1, 2])("returns %d calls for that count", (count) => {
  expect(sampleCalls({ count, seed: 1, until: UNTIL })).toHaveLength(count);
});

test("every conversation has a unique id in ElevenLabs' format", () => {
  expect(new Set(WEEK.map(({ conversationId }) => conversationId)).size).toBe(WEEK.length);
  for (const { conversationId, agentId } of WEEK) {
    expect(conversationId).toMatch(/^conv_[0-9a-z]{28}$/);
    expect(agentId).toMatch(/^agent_[0-9a-z]{28}$/);
  }
});

test("calls are spread over the week before, and none is sent later", () => {
  const sentAt = WEEK.flatMap((call) => bodiesOf(call).map((body) => at(JSON.parse(body), "event_timestamp")))
    .filter((time) => typeof time === "number")
    .map((seconds) => new Date(1000 * seconds));
  expect(Math.max(...sentAt.map(Number))).toBe(UNTIL.getTime());
  expect(Math.min(...WEEK.map(({ startedAt }) => startedAt.getTime()))).toBeGreaterThan(
    UNTIL.getTime() - 1.05 * WEEK_MS,
  );
  expect(new Set(WEEK.map(({ startedAt }) => startedAt.toISOString().slice(0, 10))).size).toBeGreaterThanOrEqual(7);
});

test("every body is one JSON object that names its conversation and agent", () => {
  for (const call of WEEK) {
    expect(bodiesOf(call).length).toBeGreaterThan(0);
    for (const body of bodiesOf(call)) {
      const data = at(JSON.parse(body), "data");
      expect(at(data, "conversation_id")).toBe(call.conversationId);
      expect(at(data, "agent_id")).toBe(call.agentId);
    }
  }
});

test("bodies are pure ASCII, like Python's", () => {
  for (const body of WEEK.flatMap(bodiesOf)) expect(/^[ -~]*$/.test(body)).toBe(true);
});

test("the showcase is under 15 MB, 200 calls are under 60 MB, and each body is under 6 MB", () => {
  const megabytes = (calls: readonly (typeof WEEK)[number][]) =>
    calls.flatMap(bodiesOf).reduce((sum, body) => sum + body.length, 0) / 1e6;
  expect(megabytes(SHOWCASE)).toBeLessThan(15);
  expect(megabytes(WEEK.slice(SHOWCASE_COUNT))).toBeLessThan(60);
  expect(Math.max(...WEEK.flatMap(bodiesOf).map((body) => body.length))).toBeLessThan(6e6);
});
