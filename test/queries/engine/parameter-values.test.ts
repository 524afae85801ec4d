import { describe, expect, test } from "vitest";
import { givenOrder, ParameterError, parameterValues } from "../../../queries/engine/parameter-values.ts";
import type { Parameter, SavedQuery } from "../../../queries/engine/saved-queries.ts";

const TODAY = new Date("2024-03-01T00:30:00Z");

function aQuery(...parameters: Parameter[]): SavedQuery {
  return { name: "a-query", topic: "volume", question: "?", grain: "", parameters, reads: [], header: "", sql: "" };
}

function aParameter(type: Parameter["type"], changes: Partial<Parameter> = {}): Parameter {
  return { name: "it", type, meaning: "what it means", ...changes };
}

const valueFor = (type: Parameter["type"], text: string) => parameterValues(aQuery(aParameter(type)), [text], TODAY)[0];

test.each([
  ["date", "today", "2024-03-01"],
  ["date", "0 days ago", "2024-03-01"],
  ["date", "1 day ago", "2024-02-29"],
  ["date", "30 days ago", "2024-01-31"],
  ["date", "99999 days ago", "1750-05-18"],
  ["date", "2024-02-29", "2024-02-29"],
  ["date", "2023-02-28", "2023-02-28"],
  ["date", "2026-04-30", "2026-04-30"],
  ["date", "2026-12-31", "2026-12-31"],
  ["date", "2100-01-01", "2100-01-01"],
  ["integer", "2", "2"],
  ["integer", "-5", "-5"],
  ["integer", "+5", "5"],
  ["integer", "-0", "0"],
  ["integer", "007", "7"],
  ["integer", "2147483647", "2147483647"],
  ["integer", "-2147483647", "-2147483647"],
  ["double", "0.5", "0.5"],
  ["double", ".5", "0.5"],
  ["double", "-5", "-5"],
  ["double", "5.", "5"],
  ["double", "-1e3", "-1000"],
  ["double", "1E308", "1e+308"],
  ["string", "today", "today"],
  ["string", "-5 %", "-5 %"],
  ["string", " ", " "],
  ["string", "' or 1=1 --", "' or 1=1 --"],
  ["zone", "UTC", "UTC"],
  ["zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
] as const)("a %s accepts %j as %j", (type, text, value) => {
  expect(valueFor(type, text)).toBe(value);
});

test.each([
  ["date", "2023-02-29"],
  ["date", "2024-02-30"],
  ["date", "2100-02-29"],
  ["date", "2026-04-31"],
  ["date", "2024-13-01"],
  ["date", "2024-00-01"],
  ["date", "2024-01-00"],
  ["date", "24-1-1"],
  ["date", "12026-01-01"],
  ["date", "01/11/2026"],
  ["date", "2024-03-01T00:00:00Z"],
  ["date", " 2024-03-01"],
  ["date", "2024-03-01\n"],
  ["date", "tomorrow"],
  ["date", "Today"],
  ["date", "days ago"],
  ["date", "-1 days ago"],
  ["date", "1.5 days ago"],
  ["date", "100000 days ago"],
  ["date", ""],
  ["integer", "2147483648"],
  ["integer", "-2147483648"],
  ["integer", "--5"],
  ["integer", "1e3"],
  ["integer", "0x10"],
  ["zone", "+01:00"],
  ["zone", "europe/berlin"],
  ["zone", "Mars/Olympus_Mons"],
  ["integer", "5 "],
  ["integer", "1.5"],
  ["integer", "two"],
  ["integer", ""],
  ["double", "1e309"],
  ["double", "NaN"],
  ["double", "Infinity"],
  ["double", "1,5"],
  ["double", "half"],
  ["double", ""],
  ["double", "0x10"],
  ["double", "."],
  ["string", ""],
] as const)("a %s refuses %j, and the error has the expected form", (type, text) => {
  expect(() => valueFor(type, text)).toThrow(ParameterError);
  expect(() => valueFor(type, text)).toThrow(/^"[^"]*" is not a value for "it" \(what it means\): it takes /);
});

describe("the given values", () => {
  const query = aQuery(
    aParameter("date", { name: "from", default: "1 day ago" }),
    aParameter("date", { name: "to", default: "today" }),
    aParameter("string", { name: "phrase" }),
  );

  test("begin with the required ones, and are returned in the order of the SQL", () => {
    expect(givenOrder(query.parameters).map(({ name }) => name)).toEqual(["phrase", "from", "to"]);
    expect(parameterValues(query, ["x"], TODAY)).toEqual(["2024-02-29", "2024-03-01", "x"]);
    expect(parameterValues(query, ["x", "2024-01-01"], TODAY)).toEqual(["2024-01-01", "2024-03-01", "x"]);
    expect(parameterValues(query, ["x", "2024-01-01", "2024-01-02"], TODAY)).toEqual(["2024-01-01", "2024-01-02", "x"]);
  });

  test("may be in the order of the SQL only if all are given", () => {
    expect(parameterValues(query, ["2024-01-01", "2024-01-02", "x"], TODAY)).toEqual(["2024-01-01", "2024-01-02", "x"]);
    expect(parameterValues(query, ["1 day ago", "today", "x"], TODAY)).toEqual(["2024-02-29", "2024-03-01", "x"]);
    expect(() => parameterValues(query, ["2024-01-01", "x"], TODAY)).toThrow('"x" is not a value for "from"');
  });

  test("are read in the first order that is valid, so a date may be a phrase", () => {
    expect(parameterValues(query, ["today", "2024-01-01", "2024-01-02"], TODAY)).toEqual([
      "2024-01-01",
      "2024-01-02",
      "today",
    ]);
  });

  test("must include the required ones, and not be more than the parameters", () => {
    expect(() => parameterValues(query, [], TODAY)).toThrow('a-query needs a value for "phrase"');
    expect(() => parameterValues(query, ["a", "today", "today", "today"], TODAY)).toThrow(
      "at most 3 values, and got 4",
    );
  });

  test("are refused by the first order if no order is valid", () => {
    expect(() => parameterValues(query, ["x", "y", "z"], TODAY)).toThrow('"y" is not a value for "from"');
    expect(() => parameterValues(query, ["2024-01-01", "2024-01-02", ""], TODAY)).toThrow('"" is not a value for "to"');
  });

  test("may have names, and the others keep their order", () => {
    expect(parameterValues(query, ["x", "to=2024-02-29"], TODAY)).toEqual(["2024-02-29", "2024-02-29", "x"]);
    expect(parameterValues(query, ["to=today", "phrase=x = y\n", "from=today"], TODAY)).toEqual([
      "2024-03-01",
      "2024-03-01",
      "x = y\n",
    ]);
    expect(parameterValues(query, ["from=today", "x", "today"], TODAY)).toEqual(["2024-03-01", "2024-03-01", "x"]);
  });

  test("have a name only if the query has a parameter with it", () => {
    expect(parameterValues(query, ["until=today"], TODAY)).toEqual(["2024-02-29", "2024-03-01", "until=today"]);
  });

  test("are refused if the query has no parameter with the name and no parameter accepts them as a text", () => {
    const days = aQuery(...query.parameters.slice(0, 2));
    for (const given of [
      ["nope=1"],
      ["from=today", "nope=1"],
      ["from=today", "to=today", "nope=1"],
      ["nope=1", "x", "x"],
    ])
      expect(() => parameterValues(days, given, TODAY)).toThrow(
        'a-query has no parameter "nope". Its parameters are from, to.',
      );
    expect(() => parameterValues(query, ["x", "until=today"], TODAY)).toThrow('no parameter "until"');
    expect(() => parameterValues(query, ["a=b", "c=d"], TODAY)).toThrow('no parameter "c"');
    expect(() => parameterValues(query, ["x", "from=to=today"], TODAY)).toThrow('"to=today" is not a value for "from"');
  });

  test("are refused if the range ends before it begins, also with a default", () => {
    const after = '"from" is 2024-03-02, which is after "to", 2024-03-01: give the earlier day as "from".';
    expect(() => parameterValues(query, ["x", "2024-03-02", "2024-03-01"], TODAY)).toThrow(after);
    expect(() => parameterValues(query, ["x", "from=2024-03-02"], TODAY)).toThrow(after);
    expect(parameterValues(query, ["x", "2024-03-01", "2024-03-01"], TODAY)).toEqual(["2024-03-01", "2024-03-01", "x"]);
  });

  test("may be texts or numbers in any order if they are named from and to", () => {
    const texts = aQuery(aParameter("string", { name: "from" }), aParameter("string", { name: "to" }));
    expect(parameterValues(texts, ["b", "a"], TODAY)).toEqual(["b", "a"]);
  });

  test("are refused if one is given twice, with or without a name", () => {
    expect(() => parameterValues(query, ["x", "to=today", "to=today"], TODAY)).toThrow(
      'one value for "to", and got two',
    );
    expect(() => parameterValues(query, ["x", "phrase=y"], TODAY)).toThrow('"x" is not a value for "from"');
  });

  test("must be empty for a query without parameters", () => {
    expect(parameterValues(aQuery(), [], TODAY)).toEqual([]);
    expect(() => parameterValues(aQuery(), ["x"], TODAY)).toThrow("at most 0 values, and got 1");
  });
});

test("a parameter with choices accepts one of them", () => {
  const query = aQuery(aParameter("string", { choices: ["any", "user"] }));
  expect(parameterValues(query, ["user"], TODAY)).toEqual(["user"]);
  expect(() => parameterValues(query, ["robot"], TODAY)).toThrow('"robot" is not a value for "it"');
  expect(() => parameterValues(query, ["robot"], TODAY)).toThrow("it takes one of any, user.");
});
