import { expect, test } from "vitest";
import { csvOf } from "../../../handlers/read/csv.ts";

test("a spreadsheet executes no cell, and numbers stay numbers", () => {
  const cells = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "a=b", -1, 5n, true, null, "", 'a "b", c\nd', new Date(0)];
  const columns = cells.map((_, n) => ({ name: n === 0 ? "=head" : `c${n}`, type: "" }));
  const [, ...lines] = csvOf({ columns: columns.slice(0, 1), rows: cells.map((cell) => [cell]) }).split("\r\n");
  expect(lines.join("\r\n")).toBe(
    ["'=1+1", "'+1", "'-1", "'@a", "'\ta", '"\'\ra"', "a=b", "-1", "5", "true", "", '""']
      .concat('"a ""b"", c\nd"', "1970-01-01T00:00:00.000Z", "")
      .join("\r\n"),
  );
  expect(csvOf({ columns: columns.slice(0, 1), rows: [] })).toBe("'=head\r\n");
});
