import { expect, test } from "vitest";
import { notADeliveryResponse } from "../../../handlers/receive/http-response.ts";

test.each(["/post-call", "/post-call/", "//post-call", "///post-call//", "//post-call/"])(
  "%s is the path for deliveries",
  (path) => {
    expect(notADeliveryResponse(path, "POST")).toBeUndefined();
    expect(notADeliveryResponse(path, "GET")).toMatchObject({ status: 405, headers: { allow: "POST" } });
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
])("%s is not the path for deliveries", (path) => {
  expect(notADeliveryResponse(path, "POST")).toMatchObject({ status: 404 });
});
