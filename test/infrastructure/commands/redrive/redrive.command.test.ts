import { expect, test } from "vitest";
import { chosenItems } from "../../../../infrastructure/commands/redrive/chosen-items.ts";
import { redrive } from "../../../../infrastructure/commands/redrive/redrive.command.ts";
import type { RedriveItem } from "../../../../infrastructure/commands/toolkit/deployment/redrive-queue.ts";

test.each([
  [[], { action: "list", keys: [] }],
  [["a/b.json"], { action: "list", keys: ["a/b.json"] }],
  [["--send", "--all", "--yes"], { action: "send", keys: [], yes: true }],
  [["--send", "--all", "--yes", "--quarantined"], { action: "send", keys: [], quarantined: true, yes: true }],
  [["--drop", "a/b.json", "a/c.json", "--stack", "CallArchive"], { action: "drop", keys: ["a/b.json", "a/c.json"] }],
])("%j is valid", (args, command) => {
  expect(redrive.requestFrom(args)).toMatchObject(command);
});

test.each([
  [["--send"], "--send needs the keys of objects, or --all"],
  [["--drop"], "--drop needs the keys of objects, or --all"],
  [["--send", "--drop", "--all"], "--send and --drop exclude each other"],
  [["--send", "--all", "a/b.json"], "Name the objects or use --all, not both"],
  [["--send", "a/b.json", "--quarantined"], "--quarantined needs --send --all"],
  [["--drop", "--all", "--quarantined"], "--quarantined needs --send --all"],
  [["--send", "--all", "--format", "json"], "--format json is for the list only: leave it out with --send"],
  [["--nonsense"], "Unknown option '--nonsense'"],
])("%j is wrong usage", (args, message) => {
  expect(() => redrive.requestFrom(args)).toThrow(message);
});

test("chooses the named objects, or all; refuses an unknown key", () => {
  const items = ["a/b.json", "a/c.json"].map((key): RedriveItem => {
    return { key, kind: "dead letter", state: "failed", reason: "", attempts: 1, since: null };
  });
  expect(chosenItems(items, [])).toEqual(items);
  expect(chosenItems(items, ["a/c.json"])).toEqual(items.slice(1));
  expect(() => chosenItems(items, ["a/c.json", "a/d.json"])).toThrow("a/d.json is not a dead letter");
});
