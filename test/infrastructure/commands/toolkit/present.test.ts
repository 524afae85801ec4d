import { describe, expect, test } from "vitest";
import { nearest } from "../../../../infrastructure/commands/toolkit/nearest.ts";
import { present } from "../../../../infrastructure/commands/toolkit/present.ts";
import type { Cell, QueryResult } from "../../../../queries/engine/query-engine.ts";

function anAnswer(names: string[], ...rows: Cell[][]): QueryResult {
  return { columns: names.map((name) => ({ name, type: "VARCHAR" })), rows };
}

const MIXED = anAnswer(
  ["day", "calls", "said", "at"],
  ["2026-11-01", 3n, 'a "quoted", word', new Date("2026-11-01T10:00:00.125Z")],
  ["2026-11-02", 12n, null, null],
);

describe("a table", () => {
  test("is aligned: numbers at the right, nulls empty, times in UTC, the number of rows below", () => {
    expect(present(MIXED, "table")).toBe(
      [
        "day         calls  said              at",
        "----------  -----  ----------------  ------------------------",
        '2026-11-01      3  a "quoted", word  2026-11-01 10:00:00.125Z',
        "2026-11-02     12",
        "2 rows",
        "",
      ].join("\n"),
    );
  });

  test("reports an empty result, and counts one row as '1 row'", () => {
    expect(present(anAnswer(["a"]), "table")).toMatch(/^a\n-\n\(no rows\)\n$/);
    expect(present(anAnswer(["a"], ["x"]), "table")).toMatch(/\n1 row\n$/);
  });

  test("wraps prose to the width of the terminal, and keeps every word", () => {
    const said = "to be or not to be ".repeat(4).trim();
    const answer = anAnswer(["id", "said", "n"], ["abc", said, 1234567890n]);
    expect(present(answer, "table", 47).split("\n").slice(2, 5)).toEqual([
      "abc  to be or not to be to be or     1234567890",
      "     not to be to be or not to be",
      "     to be or not to be",
    ]);
    expect(present(answer, "table", 200)).toContain(said);
  });

  test("breaks a word that is longer than a line", () => {
    const answer = anAnswer(["said"], [`a ${"x".repeat(50)} b`]);
    expect(present(answer, "table", 30).split("\n").slice(2, 5)).toEqual(["a", "x".repeat(30), `${"x".repeat(20)} b`]);
  });

  test("cuts the widest name when wrapping is not enough, and no number", () => {
    const answer = anAnswer(["id", "said", "n"], ["x".repeat(100), "some words ".repeat(9), 1234567890n]);
    for (const line of present(answer, "table", 60).split("\n")) expect(line.length).toBeLessThanOrEqual(60);
    expect(present(answer, "table", 60)).toMatch(/^x{22}… {2}some words some words {4}1234567890\n/m);
  });

  test("wraps prose down to 30 columns before it cuts a name", () => {
    const answer = anAnswer(["id", "said"], ["x".repeat(40), "some words ".repeat(9)]);
    expect(present(answer, "table", 72)).toContain("x".repeat(40));
    expect(present(answer, "table", 71)).toContain(`${"x".repeat(38)}…`);
  });

  test("stays aligned under letters that take two columns", () => {
    const lines = present(anAnswer(["a", "b"], ["東京", "x"], ["👩‍🚒", "x"], ["é", "x"]), "table").split("\n");
    expect(lines.slice(2, 5)).toEqual(["東京  x", "👩‍🚒    x", "é     x"]);
  });

  test("cuts between letters, never through one", () => {
    const cut = (text: string, width: number) => present(anAnswer(["said"], [text]), "table", width).split("\n")[2];
    expect(cut("👩‍🚒".repeat(20), 9)).toBe("👩‍🚒👩‍🚒👩‍🚒👩‍🚒…");
    expect([cut("東".repeat(5), 10), cut("東".repeat(5), 9)]).toEqual(["東東東東東", "東東東東…"]);
    expect(cut("東".repeat(20), 10)).toBe("東東東東…");
  });

  test("cuts no text below eight columns, however narrow the terminal", () => {
    expect(present(anAnswer(["id"], ["x".repeat(8)]), "table", 1)).toContain("x".repeat(8));
    expect(present(anAnswer(["id"], ["x".repeat(9)]), "table", 1)).toContain(`\n${"x".repeat(7)}…\n`);
  });

  test("lets no message move the cursor, colour the terminal or break a line", () => {
    const said = "a\u001b[31mb\u001b[2Jc\r\nd\te\u0007\u009b2J\u001b]0;a title\u0007f\u2028g\u202eh\u2066i\u001b";
    const text = present(anAnswer(["said"], [said]), "table");
    expect(text.split("\n")[2]).toMatch(/^abc d e.*f ghi$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test shows that there are none
    expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

test("JSON has an object for each row, times in ISO 8601, and only exact numbers", () => {
  const answer = anAnswer(
    ["n", "exact", "beyond", "below", "at", "none", "said", "is"],
    [1.5, 9007199254740991n, 9007199254740992n, -9007199254740992n, new Date(0), null, 'a\n"b"', false],
  );
  expect(JSON.parse(present(answer, "json"))).toEqual([
    {
      n: 1.5,
      exact: 9007199254740991,
      beyond: "9007199254740992",
      below: "-9007199254740992",
      at: "1970-01-01T00:00:00.000Z",
      none: null,
      said: 'a\n"b"',
      is: false,
    },
  ]);
  expect(present(anAnswer(["a"]), "json")).toBe("[]\n");
});

test("CSV is RFC 4180: quotes are doubled, and an empty text differs from a null", () => {
  expect(present(MIXED, "csv")).toBe(
    'day,calls,said,at\r\n2026-11-01,3,"a ""quoted"", word",2026-11-01T10:00:00.125Z\r\n2026-11-02,12,,\r\n',
  );
  expect(present(anAnswer(["a", "b"], ["", "x\ny"]), "csv")).toBe('a,b\r\n"","x\ny"\r\n');
  expect(present(anAnswer(["a", "b"], ["\r", "x, y"]), "csv")).toBe('a,b\r\n"\r","x, y"\r\n');
  expect(present(anAnswer(["a"]), "csv")).toBe("a\r\n");
});

test("CSV does not change values: neither text that a spreadsheet reads as a formula, nor large numbers", () => {
  const answer = anAnswer(["a", "b", "c"], ["=1+1", 9007199254740993n, false]);
  expect(present(answer, "csv")).toBe("a,b,c\r\n=1+1,9007199254740993,false\r\n");
});

test.each([
  ["call-outcome", "call-outcomes"],
  ["cals-per-day", "calls-per-day"],
  ["phrase", "find-phrase"],
  ["find_phrase", "find-phrase"],
  ["Find-Phrase", "find-phrase"],
  ["find-phrase.sql", "find-phrase"],
  ["day", "calls-per-day"],
  ["da", undefined],
  ["f1nd-phr4s", "find-phrase"],
  ["f1nd-phr4", undefined],
  ["", undefined],
  ["xyz", undefined],
  ["revenue-by-region", undefined],
])("the name nearest to %j is %j", (typed, expected) => {
  expect(nearest(typed, ["call-outcomes", "calls-per-day", "find-phrase"])).toBe(expected);
});
