import { expect, test } from "vitest";
import { type Access, accessProblem, isLoopback, loopbackHosts } from "../../../handlers/read/http/access.ts";

const LOOPBACK: Access = { kind: "loopback", hosts: loopbackHosts(8787, "127.0.0.1") };
const TOKEN: Access = { kind: "token", token: "secret" };
const host = "127.0.0.1:8787";

function status(access: Access, headers: Record<string, string>, token?: string, method = "GET") {
  return accessProblem({ method, headers, token, isAction: false }, access)?.status ?? 200;
}

test.each([
  ["its address", { host }, 200],
  ["its name", { host: "LocalHost:8787" }, 200],
  ["its IPv6 address", { host: "[::1]:8787" }, 200],
  ["its own origin", { host, origin: `http://${host}` }, 200],
  ["a link of another page", { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 200],
  ["another name", { host: "evil.example:8787" }, 403],
  ["another port", { host: "127.0.0.1:80" }, 403],
  ["no port", { host: "127.0.0.1" }, 403],
  ["no host", {}, 403],
  ["another origin", { host, origin: "http://evil.example" }, 403],
  ["an origin on another port", { host, origin: "http://127.0.0.1:3000" }, 403],
  ["the origin of a sandbox", { host, origin: "null" }, 403],
  ["a script of another page", { host, "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" }, 403],
  ["a tunnel", { host, "x-forwarded-for": "192.0.2.1" }, 403],
])("on a loopback address, a request with %s", (_, headers, expected) => {
  expect(status(LOOPBACK, headers)).toBe(expected);
});

test("on another address, a request needs the token", () => {
  const elsewhere = { host: "archive.example" };
  expect(status(TOKEN, elsewhere)).toBe(401);
  expect(status(TOKEN, elsewhere, "")).toBe(401);
  expect(status(TOKEN, elsewhere, "wrong")).toBe(401);
  expect(status(TOKEN, { ...elsewhere, authorization: "Bearer wrong" })).toBe(401);
  expect(status(TOKEN, elsewhere, "secret")).toBe(200);
  expect(status(TOKEN, { ...elsewhere, authorization: "bearer secret" })).toBe(200);
  expect(status(TOKEN, { ...elsewhere, origin: "http://evil.example" }, "secret")).toBe(403);
});

test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", ""])("the method %j is refused", (method) => {
  expect(status(LOOPBACK, { host }, undefined, method)).toBe(405);
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["127.0.0.1.evil.example", false],
  ["192.0.2.1", false],
])("%s is loopback: %s", (name, expected) => {
  expect(isLoopback(name)).toBe(expected);
});
