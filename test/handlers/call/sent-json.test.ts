import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayHaveInexactNumbers } from "../../../handlers/call/inexact-numbers.ts";
import { digitsOf } from "../../../handlers/call/raw-number.ts";
import { sentJson, sentValue } from "../../../handlers/call/sent-json.ts";
import { type JsonTree, jsonOf, placesIn } from "../../support/fixtures/arbitrary-json.ts";
import { runs } from "../../support/fixtures/fuzz-runs.ts";

const INEXACT = [
  "9007199254740993",
  "-9007199254740993",
  "12345678901234567890",
  "-0.12345678901234567890123",
  "0.10000000000000000555",
  "1234567.12345678901",
  "1e400",
  "-1E+400",
  "1e-400",
  "12.5e-0400",
  "1.2345678901234567e-310",
  `1${"0".repeat(400)}`,
  `0.${"0".repeat(400)}1`,
];

const EXACT = [
  "0",
  "-0",
  "1.0",
  "1e3",
  "123456789012345",
  "9007199254740992",
  "9007199254740990.0e-1",
  "0.30000000000000004",
  "1.00000000000000000000",
  "10000000000000000000000",
  "1.2345678901234568e-05",
  "0.00000000000000000000",
  "0e999",
  "1.7976931348623157e308",
  "5e-324",
];

describe("a number", () => {
  test.each(INEXACT)("of more digits than a JavaScript number keeps all of them: %.30s", (source) => {
    for (const around of ["N", "[N]", '{"a": N}', '{"a":[1,N ,2]}', "[\n\tN\r\n]", '["a",{"b":-1},N]']) {
      const sent = around.replace("N", source);
      const { value, notNumbers } = sentJson(sent);
      expect(JSON.stringify(value)).toBe(sent.replace(/\s/g, ""));
      expect(notNumbers).toEqual([]);
    }
    expect(digitsOf(sentJson(source).value)).toBe(source);
  });

  test.each(EXACT)("that a JavaScript number can hold is parsed as by JSON.parse: %s", (source) => {
    for (const sent of [source, `[${source}]`, `{"a": ${source}, "b": 12345678901234567890}`]) {
      expect(at(sentJson(sent).value)).toBe(JSON.parse(source));
    }
    expect(mayHaveInexactNumbers(`[${source}]`)).toBe(false);
  });

  test("in quotes does not change", () => {
    const texts = [
      "12345678901234567890",
      "call 12345678901234567890 now",
      " 1e999 ",
      "[12345678901234567890, NaN]",
      "\\",
    ];
    expect(sentJson(JSON.stringify(texts)).value).toEqual(texts);
    expect(sentJson(JSON.stringify([...texts, 1]).replace(/1]$/, "1e400]")).value).toEqual([
      ...texts,
      JSON.rawJSON("1e400"),
    ]);
  });

  test("of any form is found by the scan if a JavaScript number cannot hold it", () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,4})?$/);
    fc.assert(
      fc.property(digits, fc.nat(40), (source, before) => {
        const isRaw = JSON.isRawJSON(at(sentJson(`[${source}, 1e400]`).value));
        expect(mayHaveInexactNumbers(`${" ".repeat(before)}-${source}`)).toBe(isRaw);
      }),
      runs(200),
    );
  });
});

describe("NaN and Infinity", () => {
  test("are read as null, each with its field and the number of its places", () => {
    const sent =
      '{"a": NaN, "b": {"c": [1, -Infinity, NaN, {"d": Infinity}, NaN]}, "say \\"NaN\\"": "NaN", "e": [[NaN]]}';
    expect(sentJson(sent)).toEqual({
      value: { a: null, b: { c: [1, null, null, { d: null }, null] }, 'say "NaN"': "NaN", e: [[null]] },
      notNumbers: [
        { path: ["a"], token: "NaN", count: 1 },
        { path: ["b", "c", "[]"], token: "-Infinity", count: 1 },
        { path: ["b", "c", "[]"], token: "NaN", count: 2 },
        { path: ["b", "c", "[]", "d"], token: "Infinity", count: 1 },
        { path: ["e", "[]", "[]"], token: "NaN", count: 1 },
      ],
    });
    expect(sentValue(sent)).toBeDefined();
  });

  test.each([
    "",
    "nan",
    "-NaN",
    "- Infinity",
    "+Infinity",
    "NaNs",
    "NaN NaN",
    "[1NaN]",
    "[NaN1]",
    "[NaN,]",
    "{NaN: 1}",
    '{"a": NaN',
    '["a"NaN]',
    '["NaN, 1]',
    "[\u00a0NaN]",
    "[NaN, 012345678901234567890]",
    "[12345678901234567890.]",
    "{12345678901234567890: NaN}",
    "[12345678901234567890 1]",
    "[1e400",
    "undefined",
  ])("do not make JSON of a text that is not: %s", (sent) => {
    expect(() => sentJson(sent)).toThrow(SyntaxError);
    expect(sentValue(sent)).toBeUndefined();
  });

  test("are found in any depth, and a path has at most 20 steps of 128 characters", () => {
    const deep = 5000;
    const { value, notNumbers } = sentJson(`${'{"ab":['.repeat(deep)}NaN, 1e400${"]}".repeat(deep)}`);
    expect(value).toHaveProperty(["ab", "0", "ab"]);
    expect(notNumbers).toEqual([
      { path: Array.from({ length: 10 }, () => ["ab", "[]"]).flat(), token: "NaN", count: 1 },
    ]);
    const [found] = sentJson(JSON.stringify({ ["x".repeat(1000)]: 0 }).replace("0}", "NaN}")).notNumbers;
    expect(found?.path).toEqual(["x".repeat(128)]);
  });

  test("are listed for a thousand fields at most", () => {
    const many = Array.from({ length: 1500 }, (_, n) => `"f${n}": NaN`).join();
    expect(sentJson(`{${many}}`).notNumbers).toHaveLength(1000);
  });
});

const word = fc.constantFrom("NaN", "Infinity", "-Infinity");
const name = fc.oneof(fc.string(), fc.constantFrom("a", "a", "__proto__", "0", "NaN", "\ud83d", '\\"', "1e400"));
const leaf = fc.oneof(
  word,
  fc.constantFrom(...INEXACT),
  fc.constantFrom('"NaN"', '"[NaN, 1e400"', '"\\\\"', '"\\ud83d NaN"', '"12345678901234567890"'),
  fc.json({ maxDepth: 1 }),
);
const { tree } = fc.letrec<{ tree: JsonTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({ isArray: fc.boolean(), members: fc.array(fc.record({ name, tree: tie("tree") }), { maxLength: 5 }) }),
  ),
}));

test("JSON of any shape is parsed as by JSON.parse, except for the numbers that this cannot state", () => {
  const isWord = (sent: string) => /^-?[NI]/.test(sent);
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (trees) => {
      const all: JsonTree = { isArray: true, members: trees.map((each) => ({ name: "", tree: each })) };
      const { value, notNumbers } = sentJson(jsonOf(all));
      const standIn = (sent: string) => (isWord(sent) ? "null" : INEXACT.includes(sent) ? `{"raw": "${sent}"}` : sent);
      expect(withoutRaw(value)).toEqual(JSON.parse(jsonOf(withLeaves(all, standIn))));
      const leaves = [...placesIn(all).values()].flat().map(({ branch, position }) => branch.members[position]?.tree);
      const words = leaves.filter((each) => typeof each === "string" && isWord(each));
      expect(notNumbers.reduce((sum, { count }) => sum + count, 0)).toBe(words.length);
    }),
    runs(100),
  );
});

/** The first value in a list or an object; the value itself, if it is neither. */
function at(value: unknown): unknown {
  return typeof value === "object" && value !== null && !JSON.isRawJSON(value) ? Object.values(value)[0] : value;
}

function withLeaves(from: JsonTree, change: (leaf: string) => string): JsonTree {
  if (typeof from === "string") return change(from);
  return { ...from, members: from.members.map((each) => ({ ...each, tree: withLeaves(each.tree, change) })) };
}

/** The value with an object in the place of each raw number: those that are equal have equal members. */
function withoutRaw(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const digits = digitsOf(value);
  if (digits !== undefined) return { raw: digits };
  if (Array.isArray(value)) return value.map(withoutRaw);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutRaw(child)]));
}
