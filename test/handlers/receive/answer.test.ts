import { expect, test } from "vitest";
import { misdirected } from "../../../handlers/receive/answer.ts";

test.each(["/post-call", "/post-call/", "//post-call", "///post-call//", "//post-call/"])(
  "%s is where deliveries go",
  (path) => {
    expect(misdirected(path, "POST")).toBeUndefined();
    expect(misdirected(path, "GET")).toMatchObject({ status: 405, headers: { allow: "POST" } });
  },
);

test.each([
  "",
  "/",
  "//",
  undefined,
  "/post-call/x",
  "/Post-Call",
  "/post%2dcall",
  "/post-call/.",
  "/x/post-call",
  "/post//call",
])("%s is not", (path) => {
  expect(misdirected(path, "POST")).toMatchObject({ status: 404 });
});
