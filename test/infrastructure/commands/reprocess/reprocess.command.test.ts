import { expect, test } from "vitest";
import { reprocess } from "../../../../infrastructure/commands/reprocess/reprocess.command.ts";

test("a caller is a phone number in any format, or a folder name", () => {
  expect(reprocess.requestFrom(["--caller", "+1 202 555-0101"]).selection.caller).toBe("12025550101");
  expect(reprocess.requestFrom(["--caller", "user-anna"]).selection.caller).toBe("user-anna");
});

test("the steps to repeat are passed on in the processor's format", () => {
  const { selection, redo } = reprocess.requestFrom(["--only", "memory, rows,rows"]);
  expect([selection.only, redo]).toEqual([["rows", "memory"], "rows,memory"]);
  expect(reprocess.requestFrom([])).toMatchObject({ selection: { only: undefined }, redo: undefined });
});

test("the rate has a default on a stack, and no limit on this machine", () => {
  expect(reprocess.requestFrom(["--stack", "CallArchive"]).rate).toBe(50);
  expect(reprocess.requestFrom(["--stack", "CallArchive", "--rate", "5"]).rate).toBe(5);
  expect(reprocess.requestFrom([]).rate).toBe(undefined);
});

test.each([
  [["--from", "yesterday"], "--from yesterday is not a date"],
  [["--to", "2026-02-30"], "--to 2026-02-30 is not a date"],
  [["--nonsense"], "Unknown option '--nonsense'"],
  [["conv_1"], "Unexpected argument 'conv_1'"],
  [["--only", "rows,text"], '--only rows,text: there is no step "text". The steps are audio, rows, memory'],
  [["--only", ""], 'there is no step ""'],
  [["--rate", "fast"], "--rate fast is not a number of objects a second"],
  [["--rate", "0"], "--rate 0 is not a number"],
  [["--rate", "0.5"], "--rate 0.5 is not a number"],
])("%j is wrong usage", (args, message) => {
  expect(() => reprocess.requestFrom(args)).toThrow(message);
});
