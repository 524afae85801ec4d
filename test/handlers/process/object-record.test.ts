import { expect, test } from "vitest";
import type { ObjectRecord } from "../../../handlers/process/conversation-index.ts";
import { isDone } from "../../../handlers/process/object-record.ts";

const RECORD: ObjectRecord = { sha256: "a", version: "1", received_at: "", source: "webhook", done: [] };

test("an object without steps is done when its bytes are on record", () => {
  expect(isDone({ version: "1" }, "a", [], undefined)).toBe(false);
  expect(isDone({ version: "1" }, undefined, [], RECORD)).toBe(true);
  expect(isDone({ version: "2" }, "a", [], RECORD)).toBe(true);
  expect(isDone({ version: "2" }, "b", [], RECORD)).toBe(false);
  expect(isDone({ version: "2" }, undefined, [], RECORD)).toBe(false);
});

test("an object with remaining steps is not done, although its bytes are on record", () => {
  expect(isDone({ version: "1" }, "a", ["rows"], RECORD)).toBe(false);
});
