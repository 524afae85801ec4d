import { expect, test } from "vitest";
import { sha256, sha256IfComputed, sha256Once } from "../../../handlers/call/digest.ts";

test("the hash of a body is remembered for that body, and for no other with the same bytes", () => {
  const [body, other] = [Buffer.from("a body"), Buffer.from("a body")];
  expect(sha256IfComputed(body)).toBeUndefined();
  expect([sha256Once(body), sha256Once(body), sha256IfComputed(body)]).toEqual(Array(3).fill(sha256(other)));
  expect(sha256IfComputed(other)).toBeUndefined();
});
