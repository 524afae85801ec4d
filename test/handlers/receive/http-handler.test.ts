import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import type { Measurement } from "../../../handlers/clients/observability/measure.ts";
import { EGRESS_ADDRESSES } from "../../../handlers/receive/egress-addresses.ts";
import { httpHandler } from "../../../handlers/receive/http-handler.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { SECRET } from "../../support/fixtures/local.ts";

const NOW = new Date("2026-11-20T10:05:00Z");

interface Changes {
  path?: string;
  method?: string;
  stage?: string;
  put?: () => Promise<never>;
  secrets?: string[];
  sourceIp?: string;
  allowedAddresses?: string[];
}

async function answer(changes: Changes = {}) {
  const { path = "/post-call", method = "POST", stage = "$default", put, sourceIp = "203.0.113.7" } = changes;
  const { secrets = [SECRET] } = changes;
  const measured: Measurement[] = [];
  const archive = memoryArchive();
  const handler = httpHandler({
    archive: put ? { put } : archive,
    secrets: async () => secrets,
    toleranceSeconds: 1800,
    storeTimeoutMs: 20,
    now: () => NOW,
    allowedAddresses: changes.allowedAddresses,
    log: () => {},
    measure: (measurements) => measured.push(...measurements),
  });
  const headers = { "elevenlabs-signature": signature(aTranscription(), SECRET, NOW) };
  const requestContext = { stage, http: { method, path, sourceIp } };
  const event = { headers, requestContext, body: aTranscription().toString(), isBase64Encoded: false };
  const { statusCode, body } = await handler(event as unknown as APIGatewayProxyEventV2);
  return { statusCode, ...JSON.parse(body ?? ""), measured, stored: [...archive.objects.keys()] };
}

test("stores a delivery and returns its key", async () => {
  const key = "12025550101/conv_1.json";
  expect(await answer()).toMatchObject({ statusCode: 200, status: "stored", key, stored: [key] });
});

test("answers 404 to another path and 405 to another method, and stores nothing", async () => {
  expect(await answer({ path: "/elsewhere" })).toMatchObject({ statusCode: 404, status: "refused", stored: [] });
  expect(await answer({ method: "GET" })).toMatchObject({ statusCode: 405, status: "refused", stored: [] });
});

test("accepts its path after the name of a stage", async () => {
  expect(await answer({ stage: "live", path: "/live/post-call" })).toMatchObject({ statusCode: 200 });
});

test("answers 500 if the store fails or is too slow, so that the sender retries", async () => {
  const failing = () => Promise.reject(new Error("S3 is away"));
  const hanging = () => new Promise<never>(() => {});
  for (const put of [failing, hanging]) {
    const measured = [{ name: "StoreFailed", value: 1 }];
    expect(await answer({ put })).toMatchObject({ statusCode: 500, status: "failed", measured });
  }
});

test("answers 500 and counts it while no secret is set, so that the sender retries", async () => {
  const measured = [{ name: "StoreFailed", value: 1 }];
  expect(await answer({ secrets: [] })).toMatchObject({ statusCode: 500, status: "failed", measured, stored: [] });
});

test("accepts deliveries only from the allowed addresses if they are set, and counts refused ones", async () => {
  const [allowed = ""] = EGRESS_ADDRESSES;
  const allowedAddresses = [...EGRESS_ADDRESSES];
  expect(await answer({ allowedAddresses, sourceIp: allowed })).toMatchObject({ statusCode: 200 });
  expect(await answer({ allowedAddresses, sourceIp: "203.0.113.7" })).toMatchObject({
    statusCode: 403,
    status: "refused",
    stored: [],
    measured: [{ name: "Refused", value: 1, by: { reason: "unexpected address" } }],
  });
});
