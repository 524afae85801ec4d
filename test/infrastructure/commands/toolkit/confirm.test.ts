import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirm } from "../../../../infrastructure/commands/toolkit/confirm.ts";

test.each([
  ["y\n", true],
  ["Yes\n", true],
  ["\n", false],
  ["n\n", false],
  ["yesterday\n", false],
])("%j means %j", async (answer, isYes) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.write(answer);
  expect(await confirm("Go on?", input, output)).toBe(isYes);
  expect(output.read().toString()).toBe("Go on? [y/N] ");
});

test("the end of the input means no", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end();
  expect(await confirm("Go on?", input, output)).toBe(false);
});
