import { expect, test } from "vitest";
import { CHOICES } from "../../../infrastructure/cost/choices.ts";
import { countedArchive, newCounts } from "../../../infrastructure/cost/counted-archive.ts";
import { monthlyLines, monthlySum } from "../../../infrastructure/cost/monthly-cost.ts";
import { pricedLines } from "../../../infrastructure/cost/priced-lines.ts";
import { questionCost } from "../../../infrastructure/cost/question-cost.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { COST_INPUT } from "./cost-input.ts";

const { call } = COST_INPUT;

test("counts requests as S3 bills them: those of stored recordings separately, and deletions not at all", async () => {
  const counts = newCounts();
  const archive = countedArchive(memoryArchive(), counts);
  await archive.head("1/a.mp3");
  await archive.put("1/a.mp3", Buffer.of(1));
  await archive.put("1/a.json", Buffer.of(1));
  await archive.get("1/a.mp3");
  await archive.stream("1/a.json");
  await archive.rePut("1/a.json");
  await Array.fromAsync(archive.list(""));
  await Array.fromAsync(archive.folders(""));
  await archive.delete("1/a.json");
  expect(counts).toEqual({
    requests: { puts: 2, gets: 3, lists: 2, listedKeys: 2, recordingPuts: 1, recordingGets: 1 },
    recordingClass: "STANDARD",
  });
});

test("a call is received with one put, and stored once", () => {
  expect(call.receive.requests).toMatchObject({ puts: 1, gets: 0, lists: 0 });
  expect(call.process.requests).toMatchObject({ lists: 0, recordingPuts: 1 });
  expect(call.closeCall.puts).toBe(0);
  expect(call.bytes.mp3).toBeGreaterThan(3_800_000);
});

test("a free tier is shared by the lines that use it, and no line is below zero", () => {
  const alarms = { name: "alarms", charges: [{ price: "alarmMetric", quantity: 15 }] } as const;
  const more = { name: "more", charges: [{ price: "alarmMetric", quantity: 5 }] } as const;
  const [one, other] = pricedLines([alarms, more]);
  expect(one?.usd).toBeCloseTo(1.5);
  expect(one?.usdAfterFreeTiers).toBeCloseTo(0.75);
  expect(other?.usdAfterFreeTiers).toBeCloseTo(0.25);
  expect(pricedLines([more])[0]?.usdAfterFreeTiers).toBe(0);
});

test("without calls, only what is always there costs money", () => {
  const charged = pricedLines(monthlyLines(COST_INPUT, 0, 12)).filter(({ usd }) => usd > 0.005);
  const names = charged.map(({ name }) => name);
  expect(names).toContain("SQS, empty polls");
  expect(names).not.toContain("Processor");
  expect(names).not.toContain("S3, recordings");
});

test("a later month and more calls never cost less", () => {
  const costs = [1_000, 100_000, 1_000_000].flatMap((calls) => [1, 4, 12].map((month) => ({ calls, month })));
  const sums = costs.map(({ calls, month }) => monthlySum(COST_INPUT, calls, month).usd);
  expect(sums).toEqual(sums.toSorted((one, other) => one - other));
});

test("the free tiers never add to a sum, also with each choice", () => {
  for (const { change, name } of CHOICES) {
    const { usd, usdAfterFreeTiers } = monthlySum(change(COST_INPUT), 1_000, 12);
    expect(usdAfterFreeTiers, name).toBeLessThanOrEqual(usd);
    expect(usdAfterFreeTiers, name).toBeGreaterThan(0);
  }
});

test("a question lists each day, and reads each live call", () => {
  const few = questionCost(1_000);
  expect(few.athena).toBeCloseTo(0.00005, 7);
  expect(few.lists).toBeCloseTo(32 * 0.000005, 9);
  expect(questionCost(1_000_000).gets).toBeGreaterThan(100 * few.gets);
});
