import { expect, test } from "vitest";
import { conversationIdsIn } from "../../../handlers/reprocess/conversation-ids.ts";
import { present } from "../../../infrastructure/commands/toolkit/present.ts";

const RESULT = {
  columns: ["said", "conversation_id"].map((name) => ({ name, type: "varchar" })),
  rows: [
    ['Yes,\n"of course"', "conv_1"],
    [null, "conv_2"],
    ["again", "conv_1"],
  ],
};

test.each([
  ["a result as CSV", present(RESULT, "csv")],
  ["a result as JSON", present(RESULT, "json")],
  [
    "a CSV result after the lines of npm run",
    `\n> call-archive@0.1.0 query\n> node infrastructure/commands/call-archive.cli.ts query\n\n${present(RESULT, "csv")}`,
  ],
  [
    "a JSON result after the lines of npm run",
    `\n> call-archive@0.1.0 query\n> node infrastructure/commands/call-archive.cli.ts query\n\n${present(RESULT, "json")}`,
  ],
  ["an array of texts", '["conv_1", "conv_2"]'],
  ["plain lines", "conv_1\nconv_2\n"],
  ["lines with a BOM, CRLF and empty lines", "\ufeffconv_1\r\n\r\n  conv_2"],
  ["a CSV with a single column", "conversation_id\nconv_1\nconv_2"],
  ["a CSV with CRLF and LF", "said,conversation_id\r\nyes,conv_1\nno,conv_2\r\n"],
  ["a CSV that ends in an empty field", "conversation_id,said\nconv_1,\nconv_2,"],
])("reads %s", (_, source) => {
  expect(conversationIdsIn(source)).toEqual(["conv_1", "conv_2"]);
});

test.each([[""], ["\n"], ["[]"], ["conversation_id\n"]])("finds none in %j", (source) => {
  expect(conversationIdsIn(source)).toEqual([]);
});

test.each([
  ["a table", present(RESULT, "table"), "Line 1 has no conversation id"],
  ["CSV without the column", "day,calls\n2026-11-20,3\n", "Line 1 has no conversation id"],
  ["CSV with an empty id", "conversation_id,calls\n,3\n", "Record 1 of the CSV has no conversation id"],
  ["an object", '{"conversation_id": "conv_1"}', "The JSON is not an array"],
  ["an array of something else", '["conv_1", {"id": "conv_2"}]', "Item 2 of the array has no conversation_id"],
  ["half an array", '["conv_1",', "The input begins like JSON but is not valid"],
])("the error for %s has the problem and the accepted formats", (_, source, problem) => {
  expect(() => conversationIdsIn(source)).toThrow(problem);
  expect(() => conversationIdsIn(source)).toThrow(/CSV with a column conversation_id; .* JSON .* plain lines/);
});
