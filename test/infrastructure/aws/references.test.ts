import { expect, test } from "vitest";
import { resolved, UnresolvedReference } from "./references.ts";

function refer(id: string, attribute: string): string {
  if (id !== "Bucket") throw new UnresolvedReference(`there is no ${id}`);
  return attribute === "Ref" ? "calls" : `arn:aws:s3:::calls`;
}

test("replaces references at any depth with their values", () => {
  const arn = { "Fn::GetAtt": ["Bucket", "Arn"] };
  const statement = { Action: ["s3:GetObject", { Ref: "Bucket" }], Resource: { "Fn::Join": ["", [arn, "/*"]] } };
  expect(resolved({ Statement: [statement], Version: 1 }, refer)).toEqual({
    Statement: [{ Action: ["s3:GetObject", "calls"], Resource: "arn:aws:s3:::calls/*" }],
    Version: 1,
  });
});

test.each([
  [{ Ref: "Queue" }],
  [{ "Fn::GetAtt": ["Queue", "Arn"] }],
  [{ "Fn::Join": ["", ["a", { Ref: "Queue" }]] }],
  [{ "Fn::GetAtt": "Bucket.Arn" }],
  [{ "Fn::Sub": "the bucket" }],
  [[{ Resource: { "Fn::ImportValue": "x" } }]],
])("an unknown reference is an error: %j", (value) => {
  expect(() => resolved(value, refer)).toThrow(UnresolvedReference);
});
