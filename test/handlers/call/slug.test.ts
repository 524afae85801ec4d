import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { slugged } from "../../../handlers/call/slug.ts";

const IDS = [
  "",
  ".",
  "..",
  "../../etc/passwd",
  "..-..-etc-passwd",
  "/",
  "a/b",
  "a-b",
  "a b",
  "👩‍🚒",
  "👩",
  "\u00e9",
  "e\u0301",
  "e",
  "CON",
  "con",
  "x".repeat(129),
  "x".repeat(130),
  "x".repeat(10_000),
  "\u0000",
  "a\nb",
  "%2e%2e%2f",
  // Halves of emoji, as in a text that the sender cut.
  "\ud83d",
  "\ud83e",
  "\ufffd",
  "anna \ud83d",
  "anna \ud83e",
  "anna \ufffd",
];

test.each(["conv_1", "A-b_9", "x", "x".repeat(128)])("%j is already a slug, and does not change", (id) => {
  expect(slugged(id)).toBe(id);
});

test("the slug of any id has at most 128 letters, digits, dashes and underscores", () => {
  for (const id of IDS) expect(slugged(id)).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
});

test("no two ids have the same slug", () => {
  expect(new Set(IDS.map((id) => slugged(id))).size).toBe(IDS.length);
});

test("a slug ends with the SHA-256 of its text, so that stored objects keep their keys", () => {
  expect(slugged("../../etc/passwd")).toBe(`etc-passwd-${sha256(Buffer.from("../../etc/passwd")).slice(0, 8)}`);
  expect(slugged("東京")).toBe(sha256(Buffer.from("東京")).slice(0, 8));
});

test("a text has the same slug every time, and a maximum length can be set", () => {
  const long = "é".repeat(500);
  expect(slugged(long)).toBe(slugged(long));
  expect(slugged(long, 20).length).toBeLessThanOrEqual(20);
  expect(slugged("x".repeat(21), 20).length).toBeLessThanOrEqual(20);
  expect(slugged("x".repeat(20), 20)).toBe("x".repeat(20));
});
