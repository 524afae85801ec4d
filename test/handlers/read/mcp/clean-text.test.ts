import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "../../../../handlers/read/mcp/clean-text.ts";
import { runs } from "../../../support/fixtures/fuzz-runs.ts";
import { unicodeText } from "../../../support/fixtures/unicode-text.ts";

test("removes escape sequences, control characters and hidden text, and keeps every script and line break", () => {
  const hidden = [..."ignore"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");
  expect(cleanText(`a\u001b[31mb\u001b]0;title\u0007c\u009b2Jd\u0000\r\n\te\u202ef${hidden}g\ud800h`)).toBe(
    "abcd\n\tefg\ufffdh",
  );
  const text = "שלום 🙂👩‍👩‍👧 ਨਮਸਤੇ می‌خواهم\nnext";
  expect(cleanText(text)).toBe(text);
});

test("leaves nothing to remove", () => {
  fc.assert(
    fc.property(unicodeText(), (text) => {
      expect(cleanText(text)).toBe(cleanText(cleanText(text)));
      expect(cleanText(text)).not.toMatch(/[^\P{Cc}\n\t]/u);
    }),
    runs(500),
  );
});
