import { expect, test } from "vitest";
import { isCut } from "../../../../handlers/call/otel/cut-text.ts";

const json = (length: number) => `{"a": "${"x".repeat(length)}`;

test.each([
  ["JSON without its end, of 4,000 bytes", json(3_993), true],
  ["JSON without its end, of 4,100 bytes", json(4_093), true],
  ["a text of 4,096 bytes", "x".repeat(4_096), true],
  ["a text of 4,096 bytes and fewer characters", "é".repeat(2_048), true],
  ["a text of 4,096 characters and more bytes", "é".repeat(4_096), true],
  ["a text of 4,096 characters of two halves", "🙂".repeat(4_096), true],
  ["JSON without its end, of 3,999 bytes", json(3_992), false],
  ["JSON without its end, of 4,101 bytes", json(4_094), false],
  ["whole JSON of 4,050 bytes", `${json(4_041)}"}`, false],
  ["a whole Python literal of 4,050 bytes", `{'a': '${"x".repeat(4_041)}'}`, false],
  ["a short text that is not JSON", "timeout", false],
  ["a text of 100 kB", "x".repeat(100_000), false],
  ["a number", 4_096, false],
  ["nothing", undefined, false],
])("%s: %s", (_, value, expected) => {
  expect(isCut(value)).toBe(expected);
});
