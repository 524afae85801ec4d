import { expect, test } from "vitest";
import { redrive } from "../../../../infrastructure/commands/redrive/redrive.command.ts";

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
