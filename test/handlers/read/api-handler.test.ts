import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { apiHandler } from "../../../handlers/read/api-handler.ts";

/** Lambda's limit of a response, in bytes of JSON (docs.aws.amazon.com, Lambda quotas, 2026-11). */
const LAMBDA_BYTES = 6 * 1024 * 1024;

const CONTEXT = { awsRequestId: "request", getRemainingTimeInMillis: () => 29_000 };

/** An event of the HTTP API with this path. */
function eventFor(path: string, headers: Record<string, string> = {}, method = "GET"): APIGatewayProxyEventV2 {
  const [rawPath = "", rawQueryString = ""] = path.split("?");
  const http = { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" };
  const api = { accountId: "1", apiId: "a", domainPrefix: "a", requestId: "r", routeKey: "", time: "", timeEpoch: 0 };
  const requestContext = { ...api, domainName: "a.example.com", stage: "$default", http };
  return { version: "2.0", routeKey: "", rawPath, rawQueryString, headers, requestContext, isBase64Encoded: false };
}

/** Handles one request, with `respond` as the read API. */
async function handled(
  event: APIGatewayProxyEventV2,
  respond: (request: Request, signal: AbortSignal) => Response | Promise<Response> = () => new Response("{}"),
) {
  const requests: Request[] = [];
  const log: LogEntry[] = [];
  const handler = apiHandler({
    respond: (request, signal) => {
      requests.push(request);
      return respond(request, signal);
    },
    log: (entry) => log.push(entry),
  });
  const result = await handler(event, CONTEXT);
  const bytes = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
  return { ...result, bytes, url: requests[0]?.url, request: requests[0], log };
}

/** The result of a response with these bytes. */
const ofBytes = (bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  handled(eventFor("/api/v1/calls"), () => new Response(bytes, { headers }));

test.each([
  ["ASCII", Buffer.from('{"a": "b"}'), false],
  ["emoji and right-to-left text", Buffer.from("🙂 שלום"), false],
  ["nothing", Buffer.alloc(0), false],
  ["the character U+FEFF at the start", Buffer.from("\uFEFF{}"), false],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), true],
])("keeps every byte; what is no text is in base64: %s", async (_, bytes, isBase64Encoded) => {
  const result = await ofBytes(bytes);
  expect([result.bytes, result.isBase64Encoded]).toEqual([bytes, isBase64Encoded]);
});

test("a compressed text is in base64, with its encoding", async () => {
  const result = await ofBytes(Buffer.from("abc"), { "content-encoding": "gzip", "content-length": "3" });
  expect([result.isBase64Encoded, result.headers]).toEqual([
    true,
    expect.objectContaining({ "content-encoding": "gzip" }),
  ]);
  // API Gateway states the length.
  expect(result.headers).not.toHaveProperty("content-length");
});

test("keeps the length in the response to HEAD, which has no body", async () => {
  const respond = () => new Response(null, { headers: { "content-length": "7" } });
  const result = await handled(eventFor("/api/v1/calls", {}, "HEAD"), respond);
  expect([result.headers?.["content-length"], result.body]).toEqual(["7", ""]);
});

test.each([
  ["plain text at the limit", "a".repeat(6_100_000), 200, false],
  ["plain text beyond the limit", "a".repeat(6_200_001), 422, false],
  ["quotes, which JSON doubles, that fit in base64", '"'.repeat(4_000_000), 200, true],
  ["quotes that fit in no way", '"'.repeat(4_700_000), 422, false],
  ["control characters, which JSON makes six times as long", "\u0001".repeat(1_100_000), 200, true],
  ["emoji, which have four bytes", "🙂".repeat(1_500_000), 200, false],
  ["emoji beyond the limit", "🙂".repeat(1_600_000), 422, false],
])("a response never has more than Lambda's limit: %s", async (_, text, status, isBase64Encoded) => {
  const result = await ofBytes(Buffer.from(text));
  const { statusCode, headers, body } = result;
  const sent = { statusCode, headers, body, isBase64Encoded: result.isBase64Encoded };
  expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(LAMBDA_BYTES);
  expect([statusCode, result.isBase64Encoded]).toEqual([status, isBase64Encoded]);
  if (status === 200) expect(result.bytes.toString() === text).toBe(true);
  else expect(JSON.parse(result.bytes.toString())).toMatchObject({ title: "Response too large", status });
});

test.each([
  ["/api/v1/callers/%2B12025550101", "/api/v1/callers/%2B12025550101"],
  ["/api/v1/callers/+12025550101", "/api/v1/callers/%2B12025550101"],
  ["/api/v1/calls/a%3Fb%23c", "/api/v1/calls/a%3Fb%23c"],
  ["/api/v1/calls/a#b", "/api/v1/calls/a%23b"],
  ["/api/v1/calls/é", "/api/v1/calls/%C3%A9"],
  ["/api/v1/calls/%E0%A4%A", "/api/v1/calls/%25E0%25A4%25A"],
  ["/api/v1/calls/\ud800", "/api/v1/calls/%EF%BF%BD"],
  ["/api/v1/calls/..%2F..%2Fcallers", "/api/v1/calls/..%2F..%2Fcallers"],
  ["/api/v1/calls/a\\b", "/api/v1/calls/a%5Cb"],
])("the path %s is the path %s of the read API, whether API Gateway decoded it or not", async (path, expected) => {
  expect((await handled(eventFor(path))).url).toBe(`https://a.example.com${expected}`);
});

test.each([
  "/post-call",
  "/",
  "",
  "/api/v1",
  "/api/v1x/calls",
  "/api/v2/calls",
  "/API/v1/calls",
  "/api/v1/calls/../callers/1",
  "/api/v1/calls/./conv_1",
  "/api/v1/calls/%2e%2E/callers/1",
  "/api/v1/..",
  "/api%2Fv1/calls",
])("the path %s does not reach the read API", async (path) => {
  const result = await handled(eventFor(path));
  expect([result.statusCode, result.url]).toEqual([404, undefined]);
});

test("passes the query and the conditions on, and no header of the authorisation", async () => {
  const headers = {
    authorization: "AWS4-HMAC-SHA256 …",
    host: "evil",
    "x-forwarded-for": "1.2.3.4",
    range: "bytes=0-1",
  };
  const { request } = await handled(eventFor("/api/v1/calls?from=2026-11-01&agent=a%26b", headers));
  expect(request?.url).toBe("https://a.example.com/api/v1/calls?from=2026-11-01&agent=a%26b");
  expect([...(request?.headers ?? [])]).toEqual([["range", "bytes=0-1"]]);
});

test("logs the path, the status and the caller, and no person", async () => {
  const event = eventFor("/api/v1/callers/user-ann-example-com?phrase=secret");
  const iam = { userArn: "arn:aws:iam::1:user/reader" };
  const signed = { ...event, requestContext: { ...event.requestContext, authorizer: { iam } } };
  const { log } = await handled(signed);
  expect(log).toEqual([{ event: "read", path: "/api/v1/callers/***", status: 200, by: iam.userArn }]);
  expect((await handled(event)).log).toMatchObject([{ by: null }]);
  const numbers = await handled(eventFor("/api/v1/calls/%2B12025550101"));
  expect(JSON.stringify(numbers.log)).not.toContain("2025550101");
});

test("a body that breaks off is a problem, and logged", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("cut at +12025550101")) });
  const { statusCode, log } = await handled(eventFor("/api/v1/calls"), () => new Response(broken));
  expect(statusCode).toBe(500);
  expect(log[0]).toEqual({ event: "read failed", reason: "cut at ***01" });
});

test("queries must end nine seconds before the invocation does", async () => {
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 9_050 };
  const respond = (_: Request, signal: AbortSignal) =>
    new Promise<Response>((resolve) => {
      signal.addEventListener("abort", () => resolve(new Response("stopped")));
    });
  const { body } = await apiHandler({ respond, log: () => {} })(eventFor("/api/v1/calls"), context);
  expect(body).toBe("stopped");
});
