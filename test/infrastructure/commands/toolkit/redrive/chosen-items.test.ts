import { expect, test } from "vitest";
import type { RedriveItem } from "../../../../../infrastructure/commands/toolkit/deployment/redrive-queue.ts";
import { chosenItems } from "../../../../../infrastructure/commands/toolkit/redrive/chosen-items.ts";

test("chooses the named objects, or all; refuses an unknown key", () => {
  const items = ["a/b.json", "a/c.json"].map((key): RedriveItem => {
    return { key, kind: "dead letter", state: "failed", reason: "", attempts: 1, since: null };
  });
  expect(chosenItems(items, [])).toEqual(items);
  expect(chosenItems(items, ["a/c.json"])).toEqual(items.slice(1));
  expect(() => chosenItems(items, ["a/c.json", "a/d.json"])).toThrow("a/d.json is not a dead letter");
});
