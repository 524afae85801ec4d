import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { PreconditionFailed } from "../../../../handlers/clients/archive/archive.ts";
import { s3Archive } from "../../../../handlers/clients/archive/s3-archive.client.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { faultyServer } from "../../../support/servers/faulty-server.ts";

const KEY = "_index/conv_1";
const XML = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

/** The part of S3 that a conditional put needs. A test can cut or hang its answers. */
async function aBucket(options = {}) {
  let held: string | undefined;
  const server = await faultyServer(({ method, body, headers }) => {
    if (method === "GET") {
      if (held === undefined) return { status: 404, body: XML("NoSuchKey") };
      return { status: 200, headers: { etag: '"e"' }, body: held };
    }
    if (headers["if-none-match"] === "*" && held !== undefined) {
      return { status: 412, body: XML("PreconditionFailed") };
    }
    held = body;
    return { status: 200, headers: { etag: '"e"' } };
  });
  onTestFinished(() => server.close());
  const client = new S3Client({ ...awsAt(server.url), maxAttempts: 3 });
  return { server, archive: s3Archive("bucket", client, options) };
}

test("recognises its own put when the answer to a conditional put is lost", async () => {
  const { server, archive } = await aBucket();
  server.fail({ does: "work, then cut" }, { on: /^PUT/ });
  await archive.put(KEY, Buffer.from("mine"), { only: "if-absent" });
  expect((await archive.get(KEY))?.body.toString()).toBe("mine");
  expect(server.requests.filter(({ method }) => method === "PUT")).toHaveLength(2);
});

test("does not take another writer's put for its own", async () => {
  const { server, archive } = await aBucket();
  await archive.put(KEY, Buffer.from("another's"));
  server.fail({ does: "cut" }, { on: /^PUT/ });
  await expect(archive.put(KEY, Buffer.from("mine"), { only: "if-absent" })).rejects.toThrow(PreconditionFailed);
});

test("does not take the same bytes for its own put when its put was answered", async () => {
  const { archive } = await aBucket();
  await archive.put(KEY, Buffer.from("same"));
  await expect(archive.put(KEY, Buffer.from("same"), { only: "if-absent" })).rejects.toThrow(PreconditionFailed);
});

test.each([
  [409, "ConditionalRequestConflict"],
  [412, "PreconditionFailed"],
  [404, "NoSuchKey"],
])("reports a lost race as PreconditionFailed: %i %s", async (status, code) => {
  const { server, archive } = await aBucket();
  server.fail({ does: "answer", status, body: XML(code) }, { on: /^PUT/ });
  const put = archive.put(KEY, Buffer.from("a"), { only: { ifMatch: '"x"' } });
  await expect(put).rejects.toThrow(PreconditionFailed);
});

test("retries what S3 could not do, and throws when it keeps failing", async () => {
  const { server, archive } = await aBucket();
  server.fail({ does: "answer", status: 503, body: XML("SlowDown") }, { times: 2 });
  await archive.put(KEY, Buffer.from("a"));
  server.fail({ does: "answer", status: 503, body: XML("SlowDown") }, { times: 3 });
  await expect(archive.put(KEY, Buffer.from("b"))).rejects.toThrow();
  server.fail({ does: "answer", status: 403, body: XML("AccessDenied") });
  await expect(archive.get(KEY)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("puts a seldom read body into GLACIER_IR if one request is enough and its size is worth it", async () => {
  const { server, archive } = await aBucket();
  const part = 8 * 1024 * 1024;
  const sizes = [undefined, 128 * 1024 - 1, 128 * 1024, part, part + 1];
  for (const coldBytes of sizes) await archive.put(KEY, Buffer.from("a"), { ...(coldBytes && { coldBytes }) });
  await archive.put(KEY, Readable.from([Buffer.alloc(200_000)]), { coldBytes: 200_000 });
  expect(server.requests.map(({ method, headers }) => `${method} ${headers["x-amz-storage-class"]}`)).toEqual([
    "PUT undefined",
    "PUT STANDARD",
    "PUT GLACIER_IR",
    "PUT GLACIER_IR",
    "PUT STANDARD",
    "PUT GLACIER_IR",
  ]);
});

test("puts nothing into GLACIER_IR where recordings are read soon", async () => {
  const { server, archive } = await aBucket({ isReadSoon: true });
  await archive.put(KEY, Buffer.from("a"), { coldBytes: 1_000_000 });
  expect(server.requests[0]?.headers["x-amz-storage-class"]).toBeUndefined();
});
