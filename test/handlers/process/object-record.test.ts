import { expect, test } from "vitest";
import type { ObjectRecord } from "../../../handlers/process/conversation-index.ts";
import { isDone } from "../../../handlers/process/object-record.ts";

const RECORD: ObjectRecord = { sha256: "a", version: "1", received_at: "", source: "webhook", done: [] };

test("what has no steps is done once its bytes are on record", () => {
  expect(isDone({ version: "1" }, "a", [], undefined)).toBe(false);
  expect(isDone({ version: "1" }, undefined, [], RECORD)).toBe(true);
  expect(isDone({ version: "2" }, "a", [], RECORD)).toBe(true);
  expect(isDone({ version: "2" }, "b", [], RECORD)).toBe(false);
  expect(isDone({ version: "2" }, undefined, [], RECORD)).toBe(false);
});

test("what has steps left is not done, though its bytes are on record", () => {
  expect(isDone({ version: "1" }, "a", ["rows"], RECORD)).toBe(false);
});
