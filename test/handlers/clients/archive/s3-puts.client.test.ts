import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { s3Archive } from "../../../../handlers/clients/archive/s3-archive.client.ts";
import { s3Puts } from "../../../../handlers/clients/archive/s3-puts.client.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { inRoleEnvironment, ROLE } from "../../../support/fixtures/role-environment.ts";
import { expectedSignature } from "../../../support/fixtures/sigv4.ts";
import { type Fault, faultyServer } from "../../../support/servers/faulty-server.ts";

const KEY = "16125550100/conv_1.json";
const BODY = Buffer.from('{"greeting":"héllo"}');
const OPTIONS = {
  contentType: "application/json",
  metadata: { source: "webhook", "elevenlabs-signature": "t=1,  v0=a" },
};

/** A bucket at a server that keeps what it gets. */
async function aBucket(requestTimeout?: number) {
  const objects = new Map<string, string>();
  const server = await faultyServer(({ path, body }) => {
    objects.set(path, body);
    return { status: 200, headers: { etag: '"e"', date: new Date().toUTCString() } };
  });
  onTestFinished(() => server.close());
  inRoleEnvironment(server.url);
  return { server, objects, puts: s3Puts("bucket", requestTimeout === undefined ? {} : { requestTimeout }) };
}

const refusal = (status: number, code: string, headers = {}) =>
  ({
    does: "answer",
    status,
    headers,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no ${code}</Message></Error>`,
  }) as const;

test("puts the same object as the archive's client of the AWS SDK", async () => {
  const { server, puts } = await aBucket();
  const client = new S3Client({ ...awsAt(server.url), forcePathStyle: true });
  for (const key of [KEY, "_other/a b+(é)!'*=&?#/x.json"]) {
    await puts.put(key, BODY, OPTIONS);
    await s3Archive("bucket", client).put(key, BODY, OPTIONS);
    const [own, theirs] = server.requests.slice(-2).map(({ method, path, body, headers }) => {
      const named = Object.entries(headers).filter(([name]) => /^(content-|x-amz-(meta|content))/.test(name));
      return { method, path, body, headers: Object.fromEntries(named) };
    });
    expect(own).toEqual(theirs);
    expect(own?.headers).toMatchObject({ "content-type": "application/json", "x-amz-meta-source": "webhook" });
  }
});

test("states the SHA-256 of the body, without which a bucket with object lock refuses a put", async () => {
  const { server, puts } = await aBucket();
  await puts.put(KEY, BODY, OPTIONS);
  await puts.put(KEY, BODY, { sha256: createHash("sha256").update(BODY).digest("hex") });
  for (const { headers } of server.requests) {
    expect(headers["x-amz-checksum-sha256"]).toBe(createHash("sha256").update(BODY).digest("base64"));
    expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update(BODY).digest("hex"));
    expect(headers["authorization"]).toContain("x-amz-checksum-sha256");
  }
});

test("signs each request as AWS expects, with the session of the role", async () => {
  const { server, puts } = await aBucket();
  await puts.put(KEY, BODY, OPTIONS);
  const [request] = server.requests;
  if (!request) throw new Error("no request");
  expect(request.headers["x-amz-security-token"]).toBe(ROLE.sessionToken);
  expect(request.headers["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=\S*host;\S*x-amz-security-token/,
  );
  const signature = expectedSignature(request, ROLE.secretAccessKey);
  expect(request.headers["authorization"]).toContain(`Signature=${signature}`);
  expect(expectedSignature({ ...request, body: "changed" }, ROLE.secretAccessKey)).not.toBe(signature);
});

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["500", refusal(500, "InternalError")],
  ["503", refusal(503, "ServiceUnavailable")],
  ["a request that S3 cut off", refusal(400, "RequestTimeout")],
  ["a cut connection", { does: "cut" }],
  ["a lost answer", { does: "work, then cut" }],
  ["an error that is not XML", { does: "answer", status: 502, body: "<html>bad gateway" }],
  ["no answer in time", { does: "hang" }],
];

test.each(FAULTS)("retries after %s", async (_, fault) => {
  const { server, objects, puts } = await aBucket(50);
  server.fail(fault, { times: 2 });
  await puts.put(KEY, BODY, OPTIONS);
  expect([...objects]).toEqual([[`/bucket/${KEY}`, BODY.toString()]]);
  expect(server.requests.map(({ headers }) => headers["amz-sdk-request"])).toEqual(
    [1, 2, 3].map((attempt) => `attempt=${attempt}; max=4`),
  );
});

test("waits before a retry as long as S3 asks", async () => {
  const { server, puts } = await aBucket();
  server.fail(refusal(503, "ServiceUnavailable", { "x-amz-retry-after": "300" }));
  const before = performance.now();
  await puts.put(KEY, BODY, OPTIONS);
  expect(performance.now() - before).toBeGreaterThan(280);
});

test("fails after four attempts, with the code of S3", async () => {
  const { server, puts } = await aBucket();
  server.fail(refusal(500, "InternalError"), { times: 4 });
  const error = await puts.put(KEY, BODY, OPTIONS).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "InternalError", $metadata: { httpStatusCode: 500, attempts: 4 } });
  expect(server.requests).toHaveLength(4);
});

test("fails after four attempts when nothing accepts the connection", async () => {
  const { server, puts } = await aBucket();
  await server.close();
  await expect(puts.put(KEY, BODY, OPTIONS)).rejects.toMatchObject({
    code: "ECONNREFUSED",
    $metadata: { attempts: 4 },
  });
});

test.each([
  [403, "AccessDenied"],
  [400, "ExpiredToken"],
  [404, "NoSuchBucket"],
  [409, "OperationAborted"],
  [412, "PreconditionFailed"],
])("does not retry %i %s, and names it", async (status, code) => {
  const { server, objects, puts } = await aBucket();
  server.fail(refusal(status, code));
  await expect(puts.put(KEY, BODY, OPTIONS)).rejects.toMatchObject({
    name: code,
    message: `AWS answered ${status}: ${code}: no ${code}`,
  });
  expect([server.requests.length, objects.size]).toEqual([1, 0]);
});

test("corrects its clock when S3 refuses the time, and keeps the correction", async () => {
  const { server, puts } = await aBucket();
  const late = new Date(Date.now() + 3_600_000).toUTCString();
  server.fail(refusal(403, "RequestTimeTooSkewed", { date: late }));
  await puts.put(KEY, BODY, OPTIONS);
  await puts.put(KEY, BODY, OPTIONS);
  const hours = server.requests.map(({ headers }) => String(headers["x-amz-date"]).slice(0, 11));
  const [wrong, right] = [0, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString().replace(/[-:]/g, ""));
  expect(hours).toEqual([wrong, right, right].map((time) => time?.slice(0, 11)));
});

test("uses one connection for several puts", async () => {
  const { server, puts } = await aBucket();
  for (let n = 0; n < 5; n += 1) await puts.put(KEY, BODY, OPTIONS);
  server.fail(refusal(403, "AccessDenied"));
  await puts.put(KEY, BODY).catch(() => undefined);
  expect(await server.connections()).toBe(1);
});
