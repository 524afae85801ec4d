import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asciiDigits } from "../../../../handlers/call/phone-number.ts";
import { MOST_HANDLES, numberMask } from "../../../../handlers/read/mcp/number-mask.ts";
import { runs } from "../../../support/fixtures/fuzz-runs.ts";
import { phoneNumber, written } from "../../../support/fixtures/phone-numbers.ts";
import { unicodeText } from "../../../support/fixtures/unicode-text.ts";

const HANDLE = /(number|caller)-(\d{1,4}-)?[bcdfghjkmnpqrstvwxz]{10}/g;
const aMask = (showsNumbers = false) => numberMask(randomBytes(32), showsNumbers);

/** Whether six digits of `number` in a row are in `text`, outside handles, in any script, and without letters between. */
function leaks(text: string, number: string): boolean {
  const parts = asciiDigits(text.replace(HANDLE, "x")).split(/\p{L}/u);
  const digits = parts.map((part) => part.replace(/\D/g, ""));
  const windows = Array.from({ length: number.length - 5 }, (_, n) => number.slice(n, n + 6));
  return windows.some((window) => digits.some((part) => part.includes(window)));
}

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** The number in words, as a transcript has it. */
const spoken = (number: string) =>
  fc
    .tuple(fc.constantFrom(" ", ", ", " - ", ". ", "\n", "… "), fc.boolean(), fc.boolean())
    .map(([separator, isMixed, isCapital]) => {
      const short = number.replace(/(\d)\1{1,2}/g, (same) => `${same.length === 3 ? "t" : "d"}${same[0]}`);
      const words = [...short].map((letter, place) => {
        const word =
          { d: "double", t: "triple" }[letter] ?? (isMixed && place % 2 === 1 ? letter : WORDS[Number(letter)]);
        return `${isCapital ? word?.toUpperCase() : word}${separator}`;
      });
      return words.join("").trim();
    });

const escaped = (text: string) =>
  text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const context = fc.constantFrom(
  "",
  "call me on ",
  "我的电话是",
  "โทร",
  "tel",
  '{"to":"',
  "x=",
  "(",
  "\u001b[31m",
  "99 red balloons, ",
);

describe("a number in a text", () => {
  const inText = phoneNumber.chain((number) =>
    fc.tuple(
      fc.constant(number),
      context,
      fc.oneof(
        written(number),
        written(number).map((text) => text.replaceAll("+", "%2B").replaceAll(" ", "%20")),
        written(number).map(escaped),
        written(number).map((text) => [...text].join(",")),
        spoken(number).map((words) => ` ${words}`),
      ),
      fc.constantFrom("", " please", "谢谢", '"}', "/conv_1.json", ", thanks", "\u001b[0m"),
    ),
  );

  test("is not in the answer, however it is spelled", () => {
    fc.assert(
      fc.property(inText, ([number, before, spelling, after]) => {
        const text = `${before}${spelling}${after}`;
        const masked = aMask().text(text);
        expect(masked).toMatch(HANDLE);
        expect(leaks(masked, number)).toBe(false);
      }),
      runs(1_000),
    );
  });

  test("masking a masked text changes nothing", () => {
    const text = fc.oneof(
      unicodeText(),
      inText.map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (given) => {
        const mask = aMask();
        const once = mask.text(given);
        expect(mask.text(once)).toBe(once);
        expect(mask.json({ caller: once, any: [once] })).toEqual(mask.json(mask.json({ caller: once, any: [once] })));
      }),
      runs(1_000),
    );
  });

  test("other numbers, dates and ids stay", () => {
    const texts = [
      "Order LS-48213 of 2026 costs $1,234.50.",
      "2026-11-20T10:00:00.000Z to 2026-11-30 10:15",
      "2026-11-29T10:59:07.468482+00:00",
      "CA0123456789abcdef0123456789abcdef by free_slots_0c04602586febd25268bb4a11cf7dc0e",
      "0123456a-4567-4567-4567-0123456789ab",
      "between 10:30 and 11:45, seats 101 and 102",
      "conv_01234567890123456789abcdef of agent_5401k8w4d7tqe9vbr5xn3jm0hczs",
      "6f1c0e3b0000000011112222333344445555666677778888999900001111abcd",
      "one, two, three, go",
      "10000 at 833:20 agent: Hello",
    ];
    for (const text of texts) expect(aMask().text(text)).toBe(text);
    for (const text of ["1234567", "0123456789012345678", "2026-11-20-5550101"])
      expect(aMask().text(text)).toMatch(HANDLE);
    expect(aMask().text("123456")).toBe("123456");
  });

  test("a long text of digits or of almost numbers takes no noticeable time", () => {
    const began = performance.now();
    for (const text of [
      "1 ".repeat(100_000),
      "1 2 3 4 5 6 x ".repeat(20_000),
      "%20".repeat(50_000),
      `1${" ".repeat(200_000)}1`,
    ])
      aMask().text(text);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("a handle", () => {
  test("is the same for all spellings of a number, is an argument for it, and differs between processes", () => {
    const two = phoneNumber.chain((number) => fc.tuple(fc.constant(number), written(number)));
    fc.assert(
      fc.property(two, ([number, spelling]) => {
        const mask = aMask();
        const { caller, agent_number } = mask.json({ caller: number, agent_number: spelling }) as Record<
          string,
          string
        >;
        expect(agent_number).toBe(caller);
        expect(caller).toMatch(/^number-(\d{1,4}-)?[a-z]{10}$/);
        expect(mask.callerIn(caller ?? "")).toBe(number);
        expect(aMask().json({ caller: number })).not.toEqual({ caller });
        expect(() => aMask().callerIn(caller ?? "")).toThrow("Unknown handle");
      }),
      runs(300),
    );
  });

  test("is remembered until there are too many later ones", () => {
    const mask = aMask();
    const [oldest, second] = ["12025550101", "12025550102"].map((number) => String(mask.json(number, "caller")));
    for (let n = 0; n < MOST_HANDLES - 2; n += 1) mask.json(String(30_000_000_000 + n), "caller");
    // Seeing a number again makes it the latest.
    mask.json("12025550101", "caller");
    mask.json("12025550103", "caller");
    expect(mask.callerIn(oldest ?? "")).toBe("12025550101");
    expect(() => mask.callerIn(second ?? "")).toThrow("does not remember");
  });

  test("hides at least six digits, and shows at most four", () => {
    const shown = (number: string) => /\d+/.exec(String(aMask().json(number, "caller")))?.[0];
    expect(["1234", "123456", "1234567", "123456789", "12025550101"].map(shown)).toEqual([
      undefined,
      undefined,
      "7",
      "789",
      "0101",
    ]);
  });

  test("replaces the folder of a user id with a number, and a folder in a key", () => {
    const mask = aMask();
    const folder = "user-cust-12025550101-ab12cd34";
    const handle = String(mask.json(folder, "caller"));
    expect(handle).toMatch(/^caller-[a-z]{10}$/);
    expect(mask.callerIn(handle)).toBe(folder);
    for (const kept of ["anonymous", "user-anna"]) expect(mask.json(kept, "caller")).toBe(kept);
    const key = String(mask.json("1234/conv_1.json", "raw_key"));
    expect(key).toMatch(/^number-[a-z]{10}\/conv_1\.json$/);
    expect(mask.text("see 1234/conv_1.failure.json")).toBe(`see ${key.replace(".json", ".failure.json")}`);
  });
});

test("ids that other tools take stay, unless they are only a number", () => {
  const mask = aMask();
  const ids = { conversation_id: "call-20265550101", agent_id: "a_1234567890", example_conversation_id: "c1234567" };
  expect(mask.json(ids)).toEqual(ids);
  expect(mask.json({ conversation_id: "12025550101" })).not.toEqual({ conversation_id: "12025550101" });
});

test("with numbers shown, texts are only cleaned", () => {
  const mask = aMask(true);
  expect(mask.json({ caller: "12025550101", text: "\u001b[2J+1 202 555 0101\u0007" })).toEqual({
    caller: "12025550101",
    text: "+1 202 555 0101",
  });
  expect(mask.callerIn("+12025550101")).toBe("+12025550101");
});
