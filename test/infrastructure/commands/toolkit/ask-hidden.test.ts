import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askHidden } from "../../../../infrastructure/commands/toolkit/ask-hidden.ts";

async function answer(typed: string, { ends = false } = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = askHidden("The key", input, output);
  if (ends) input.end(typed);
  else input.write(typed);
  return { value: await asked, shown: output.read().toString() };
}

test.each(["\r", "\n"])("returns what is typed, and shows only the question: %j", async (enter) => {
  expect(await answer(`wsec_1${enter}`)).toEqual({ value: "wsec_1", shown: "The key: \n" });
});

test.each([
  ["Ctrl-C", "wsec_1\x03"],
  ["Ctrl-D", "\x04"],
])("%s means the empty value", async (_, typed) => {
  expect(await answer(typed)).toMatchObject({ value: "" });
});

test("the end of the input means the empty value", async () => {
  expect(await answer("", { ends: true })).toMatchObject({ value: "" });
});
