import { expect, test } from "vitest";
import { conversationIdsIn } from "../../../handlers/reprocess/conversation-ids.ts";
import { present } from "../../../infrastructure/commands/toolkit/present.ts";

const ANSWER = {
  columns: ["said", "conversation_id"].map((name) => ({ name, type: "varchar" })),
  rows: [
    ['Yes,\n"of course"', "conv_1"],
    [null, "conv_2"],
    ["again", "conv_1"],
  ],
};

test.each([
  ["an answer as CSV", present(ANSWER, "csv")],
  ["an answer as JSON", present(ANSWER, "json")],
  [
    "an answer that npm run introduces",
    `\n> call-archive@0.1.0 query\n> node infrastructure/commands/call-archive.cli.ts query\n\n${present(ANSWER, "csv")}`,
  ],
  [
    "JSON that npm run introduces",
    `\n> call-archive@0.1.0 query\n> node infrastructure/commands/call-archive.cli.ts query\n\n${present(ANSWER, "json")}`,
  ],
  ["an array of texts", '["conv_1", "conv_2"]'],
  ["plain lines", "conv_1\nconv_2\n"],
  ["lines of another system, with gaps", "\ufeffconv_1\r\n\r\n  conv_2"],
  ["a column of its own", "conversation_id\nconv_1\nconv_2"],
  ["lines that end in two ways", "said,conversation_id\r\nyes,conv_1\nno,conv_2\r\n"],
  ["a CSV that ends in an empty field", "conversation_id,said\nconv_1,\nconv_2,"],
])("reads %s", (_, source) => {
  expect(conversationIdsIn(source)).toEqual(["conv_1", "conv_2"]);
});

test.each([[""], ["\n"], ["[]"], ["conversation_id\n"]])("finds none in %j", (source) => {
  expect(conversationIdsIn(source)).toEqual([]);
});

test.each([
  ["a table", present(ANSWER, "table"), "Line 1 has no conversation id"],
  ["CSV without the column", "day,calls\n2026-11-20,3\n", "Line 1 has no conversation id"],
  ["CSV with an empty id", "conversation_id,calls\n,3\n", "Record 1 of the CSV has no conversation id"],
  ["an object", '{"conversation_id": "conv_1"}', "This JSON is no array"],
  ["an array of something else", '["conv_1", {"id": "conv_2"}]', "Item 2 of the array has no conversation_id"],
  ["half an array", '["conv_1",', "This begins like JSON and is none"],
])("says what is wrong with %s, and what it reads", (_, source, problem) => {
  expect(() => conversationIdsIn(source)).toThrow(problem);
  expect(() => conversationIdsIn(source)).toThrow(/CSV whose header has conversation_id, .* JSON .* plain lines/);
});
