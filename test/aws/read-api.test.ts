import { PutObjectCommand, RestoreObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { processObject } from "../../handlers/process/process.ts";
import { aTranscription, MP3, transcriptOf } from "../support/fixtures/events.ts";
import { newFolder } from "../support/fixtures/local.ts";
import type { AthenaBehaviour } from "../support/servers/athena-server.ts";
import { type Fault, faultyServer } from "../support/servers/faulty-server.ts";
import { describeAws, s3 } from "./aws.ts";
import { aPipeline } from "./pipeline.ts";
import { aFolderWithCalls, type Get, onAws, type Read, readEvent, readFrom, served, theFunction } from "./read-api.ts";

const RANGE = "from=2026-11-01&to=2026-11-30";

/** Calls of every endpoint, and of each kind of problem. */
const CALLS: readonly (readonly [path: string, status: number, headers?: Record<string, string>])[] = [
  ["/openapi.json", 200],
  [`/calls?${RANGE}`, 200],
  [`/calls?${RANGE}&limit=1&sort=duration_secs`, 200],
  [`/calls?${RANGE}&agent=agent_1&has_recording=true`, 200],
  [`/calls/facets?${RANGE}`, 200],
  ["/calls/conv_1", 200],
  ["/calls/conv_2", 200],
  ["/calls/conv_1/transcript", 200],
  ["/calls/conv_1/transcript?format=md", 200],
  ["/calls/conv_1/transcript?format=vtt", 200],
  ["/calls/conv_1/transcript?format=json", 200, { "accept-encoding": "gzip" }],
  ["/calls/conv_1/recording", 200],
  ["/calls/conv_1/recording", 206, { range: "bytes=10-19" }],
  ["/calls/conv_1/raw", 200],
  [`/search?phrase=${encodeURIComponent("100% of it_ back: '\\' 🙂")}&${RANGE}`, 200],
  ["/callers/%2B12025550101", 200],
  ["/callers/12025550101", 200],
  [`/overview?${RANGE}`, 200],
  [`/archive?${RANGE}`, 200],
  ["/questions", 200, { "accept-encoding": "gzip" }],
  [`/questions/calls-per-day?${RANGE}`, 200],
  [`/questions/variable-values?${RANGE}&name=order&format=csv`, 200],
  ["/calls?colour=red", 400],
  ["/calls?cursor=abc", 400],
  ["/calls?from=2026-11-02&to=2026-11-01", 400],
  [`/search?phrase=${"x".repeat(600)}`, 400],
  ["/calls/conv_9", 404],
  ["/calls/%00", 404],
  ["/calls/..%2F..%2Fcallers", 404],
  ["/calls/conv_2/recording", 404],
  ["/calls/conv_1/recording", 416, { range: "bytes=999999-" }],
  ["/callers/nothing", 404],
  ["/questions/nothing", 404],
  ["/nothing", 404],
];

/** The parts that only a folder can state. */
const ONLY_IN_A_FOLDER: readonly (readonly string[])[] = [
  ["memories"],
  ["dead_letters"],
  ["days", "calls"],
  ["days", "memories"],
];

/** What a client sees of a response: of a redirect, what is at its address. */
async function seen(get: Get, path: string, headers?: Record<string, string>) {
  const first = await get(path, headers);
  const location = first.headers.get("location");
  const read = location === null ? first : await readFrom(await fetch(location, headers ? { headers } : {}));
  const { status, type } = read;
  if (!type?.includes("json") || path.endsWith("/raw")) return { status, type, body: read.bytes };
  const body: unknown = JSON.parse(read.text);
  for (const names of ONLY_IN_A_FOLDER) withoutPart(body, names);
  return { status, type, body };
}

function withoutPart(value: unknown, [name = "", ...rest]: readonly string[]): void {
  for (const each of [value].flat()) {
    if (at(each, name) === undefined) continue;
    if (rest.length > 0) withoutPart(at(each, name), rest);
    else Object.assign(Object(each), { [name]: null });
  }
}

function titleOf({ text }: Read): unknown {
  return at(JSON.parse(text), "title");
}

describeAws("the read API", () => {
  test("gives the same answers for a folder, for a stack with `serve --stack`, and in the function under its policies", async () => {
    const { folder, get: ofFolder } = await aFolderWithCalls();
    const aws = await onAws(folder);
    const ofStack = await served(aws);
    const ofFunction = await theFunction(aws);
    for (const [path, status, headers] of CALLS) {
      const expected = await seen(ofFolder, path, headers);
      expect([path, expected.status]).toEqual([path, status]);
      expect([path, await seen(ofStack.get, path, headers)]).toEqual([path, expected]);
      // The function may not read the secret. The bytes are those that were accepted.
      const signature = path === "/calls/conv_1" || path === "/calls/conv_2" ? "unknown secret" : undefined;
      if (signature) Object.assign(Object(at(expected.body, "archive")), { signature });
      expect([path, await seen(ofFunction.get, path, headers)]).toEqual([path, expected]);
    }
    // A page that follows a cursor.
    const cursors = [ofFolder, ofStack.get, ofFunction.get].map(async (get) => {
      const first = JSON.parse((await get(`/calls?${RANGE}&limit=1`)).text);
      return (await get(`/calls?${RANGE}&limit=1&cursor=${at(first, "next_cursor")}`)).text;
    });
    const [second, ...same] = await Promise.all(cursors);
    // The failed attempt conv_2 is the latest.
    expect(second).toContain("conv_1");
    expect(same).toEqual([second, second]);
    for (const { reuseMinutes, workgroup } of aws.athena.executions) {
      expect(reuseMinutes).toBe(1);
      expect(workgroup).toMatch(/^(archive$|CallArchive-Analytics)/);
    }
    // Lambda writes the logs, and Athena makes the other calls.
    expect(ofFunction.unneeded()).toEqual([
      expect.stringMatching(/^readApi \d+: logs:/),
      expect.stringMatching(/^readApi \d+: athena:GetDataCatalog/),
      expect.stringMatching(/^readApi \d+: glue:GetDatabase, glue:GetPartitions/),
      expect.stringMatching(/^readApi \d+: glue:GetDatabase on/),
      expect.stringMatching(/^readApi \d+: .* on bucket\/results\/\*$/),
      expect.stringMatching(/^readApi \d+: s3:GetBucketLocation/),
    ]);
    const logged = ofFunction.lines.join("\n");
    expect(logged).toContain('"path":"/api/v1/callers/***","status":200');
    expect(logged).toContain('"by":"arn:aws:sts::123456789012:assumed-role/reader/someone"');
    expect(logged).not.toMatch(/12025550101|100%|phrase|money/);
  });

  test("a recording is at an address in S3, for GET and HEAD, and with ranges; in Glacier it is a problem", async () => {
    const { folder } = await aFolderWithCalls();
    const aws = await onAws(folder);
    for (const { get } of [await served(aws), await theFunction(aws)]) {
      const found = await get("/calls/conv_1/recording");
      expect([found.status, found.headers.get("cache-control"), found.bytes.length]).toEqual([302, "no-store", 0]);
      const address = new URL(found.headers.get("location") ?? "");
      expect(address.pathname).toContain("/12025550101/conv_1.mp3");
      expect(address.searchParams.get("X-Amz-Expires")).toBe("3600");
      expect(address.searchParams.get("response-content-type")).toBe("audio/mpeg");
      const part = await readFrom(await fetch(address, { headers: { range: "bytes=10-19" } }));
      expect([part.status, part.bytes]).toEqual([206, MP3.subarray(10, 20)]);
      // S3's own ETag is valid here, too.
      const etag = part.headers.get("etag") ?? "";
      expect((await get("/calls/conv_1/recording", { "if-none-match": etag })).status).toBe(304);

      const head = await get("/calls/conv_1/recording", {}, "HEAD");
      const there = await fetch(head.headers.get("location") ?? "", { method: "HEAD" });
      expect([head.status, there.status, there.headers.get("content-length")]).toEqual([302, 200, String(MP3.length)]);
    }
    // A page of the console may load from its own host only.
    const ofPage = { "sec-fetch-site": "same-origin", range: "bytes=10-19" };
    const own = await (await served(aws)).get("/calls/conv_1/recording", ofPage);
    expect([own.status, own.bytes]).toEqual([206, MP3.subarray(10, 20)]);
    for (const [name, Body] of [["mp3", MP3] as const, ["json", aTranscription()] as const]) {
      const Key = `12025550101/conv_1.${name}`;
      await s3.send(new PutObjectCommand({ Bucket: aws.archiveBucket, Key, Body, StorageClass: "GLACIER" }));
    }
    for (const { get } of [await served(aws), await theFunction(aws)]) {
      for (const path of ["/recording", "/raw", "", "/transcript"]) {
        const archived = await get(`/calls/conv_1${path}`);
        expect([path, archived.status, titleOf(archived)]).toEqual([path, 409, "Object in Glacier"]);
      }
    }
    const Key = "12025550101/conv_1.mp3";
    await s3.send(new RestoreObjectCommand({ Bucket: aws.archiveBucket, Key, RestoreRequest: { Days: 1 } }));
    expect((await (await theFunction(aws)).get("/calls/conv_1/recording")).status).toBe(302);
  });

  const REFUSED = { __type: "TooManyRequestsException", message: "Rate exceeded" };
  const BUSY: Fault = { does: "answer", status: 400, body: JSON.stringify(REFUSED) };
  const FAILING: AthenaBehaviour["answer"] = () => {
    throw new Error("GENERIC_INTERNAL_ERROR of +12025550101");
  };
  test.each<[name: string, title: string, behaviour: AthenaBehaviour, retryAfter?: string, fault?: Fault]>([
    ["is busy", "Too many queries", {}, "30", BUSY],
    ["would read too much", "Query too large", { bytes: 11, byteLimit: 10 }],
    ["fails", "Query failed", { answer: FAILING }, "5"],
  ])("if Athena %s, the problem is: %s", async (_, title, behaviour, retryAfter, fault) => {
    const aws = await onAws(await newFolder(), behaviour);
    if (fault) aws.athena.fail(fault, { times: 1_000 });
    const apis = [await served(aws), await theFunction(aws)];
    const all = await Promise.all(apis.map(({ get }) => get(`/calls?${RANGE}`)));
    for (const [n, problem] of all.entries()) {
      expect([problem.status, problem.type]).toEqual([503, "application/problem+json"]);
      expect([titleOf(problem), problem.headers.get("retry-after") ?? undefined]).toEqual([title, retryAfter]);
      expect(problem.text).not.toContain("GENERIC");
      const logged = apis[n]?.lines.join("\n") ?? "";
      expect(logged).toContain("read failed");
      expect(logged).not.toContain("2025550101");
    }
  });

  test("a query that takes too long is stopped, and the function answers within the time of API Gateway", async () => {
    const aws = await onAws(await newFolder(), { polls: 1_000_000 });
    const { get } = await theFunction(aws);
    const start = performance.now();
    const problem = await get(`/calls?${RANGE}`);
    expect([problem.status, titleOf(problem)]).toEqual([503, "Query too slow"]);
    expect(performance.now() - start).toBeLessThan(29_000);
    expect(aws.athena.stopped).toEqual(["0"]);
  });

  test("a deleted call is gone, and a call whose index is damaged is a problem", async () => {
    const { folder } = await aFolderWithCalls();
    const aws = await onAws(folder);
    const index = JSON.parse(String((await aws.archive.get("_index/conv_1"))?.body));
    const deleted = { at: "2026-11-21T00:00:00.000Z", reason: "request" };
    await aws.archive.put("_index/conv_1", Buffer.from(JSON.stringify({ ...index, deleted })));
    await aws.archive.delete("12025550101/conv_1.json");
    await aws.archive.put("_index/conv_2", Buffer.from("{"));
    for (const { get } of [await served(aws), await theFunction(aws)]) {
      for (const path of ["", "/transcript", "/recording", "/raw"]) {
        expect([path, (await get(`/calls/conv_1${path}`)).status]).toEqual([path, 410]);
        expect([path, (await get(`/calls/conv_2${path}`)).status]).toEqual([path, 409]);
      }
    }
  });

  test("a response that is too large for the function is at an address, compressed, or a problem", async () => {
    const aws = await onAws(await newFolder());
    const turn = `${'"quoted" '.repeat(1_000)}.`;
    const body = aTranscription({ transcript: transcriptOf(...Array.from({ length: 2_000 }, () => turn)) });
    expect(body.length).toBeGreaterThan(20_000_000);
    const key = "12025550101/conv_1.json";
    await aws.archive.put(key, body, { metadata: { source: "webhook" }, contentType: "application/json" });
    const { archive, analytics } = aws;
    const leaseOptions = { holder: "test", seconds: 60, isExclusive: false };
    await processObject(key, { archive, analytics, leaseOptions, now: () => new Date() });

    const { get } = await theFunction(aws);
    const raw = await get("/calls/conv_1/raw");
    expect(raw.status).toBe(302);
    expect((await readFrom(await fetch(raw.headers.get("location") ?? ""))).bytes.equals(body)).toBe(true);
    for (const path of ["", "/transcript", "/transcript?format=json"]) {
      const problem = await get(`/calls/conv_1${path}`);
      expect([path, problem.status, titleOf(problem)]).toEqual([path, 422, "Response too large"]);
      const compressed = await get(`/calls/conv_1${path}`, { "accept-encoding": "gzip" });
      expect([path, compressed.status, compressed.bytes.length > 18_000_000]).toEqual([path, 200, true]);
    }
    // On this machine there is no such limit.
    const local = await (await served(aws)).get("/calls/conv_1/raw");
    expect([local.status, local.bytes.equals(body)]).toEqual([200, true]);
  });

  test("with `serve --stack`, a user without the right to read the secret gets every answer but the signature", async () => {
    const { folder } = await aFolderWithCalls();
    const aws = await onAws(folder);
    const body = JSON.stringify({
      __type: "AccessDeniedException",
      message: "not authorized to perform ssm:GetParameter",
    });
    const ssm = await faultyServer(() => ({ status: 400, body }));
    const { get } = await served(aws, { AWS_ENDPOINT_URL_SSM: ssm.url });
    for (let repeated = 0; repeated < 2; repeated += 1) {
      const call = await get("/calls/conv_1");
      expect(call.status).toBe(200);
      expect(at(JSON.parse(call.text), "archive", "signature")).toBe("unknown secret");
    }
    expect(ssm.requests).toHaveLength(1);
    await ssm.close();
    expect(at(JSON.parse((await (await served(aws)).get("/calls/conv_1")).text), "archive", "signature")).toBe("valid");
  });

  test("with `serve --stack`, an analyst gets rows, and a problem for a call, which the policy does not allow", async () => {
    const { folder } = await aFolderWithCalls();
    const aws = await onAws(folder);
    const refusal = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    const bucket = await faultyServer(() => ({ status: 403, body: refusal }));
    const { get } = await served(aws, { AWS_ENDPOINT_URL_S3: bucket.url });
    expect((await get(`/calls?${RANGE}`)).status).toBe(200);
    for (const path of ["/calls/conv_1", "/calls/conv_1/recording"]) {
      const problem = await get(path);
      expect([problem.status, titleOf(problem)]).toEqual([403, "Not allowed by AWS"]);
    }
    await bucket.close();
  });

  test("neither function answers the other's requests: no delivery is stored, and no call is read", async () => {
    const pipeline = await aPipeline();
    const { folder } = await aFolderWithCalls();
    const readApi = await theFunction(await onAws(folder));
    // A request of the read API at the receiver.
    for (const [path, method] of [
      ["/api/v1/calls/conv_1", "GET"] as const,
      ["/post-call/api/v1/calls", "POST"] as const,
    ]) {
      expect(await pipeline.receiver.invoke(readEvent(path, {}, method))).toMatchObject({ statusCode: 404 });
    }
    expect(pipeline.receiver.calls()).toEqual([]);
    // A signed delivery at the function of the read API.
    const { status, answer } = await pipeline.deliver(aTranscription(), { to: readApi });
    expect([status, at(answer, "title")]).toEqual([404, "No such path"]);
    for (const path of ["/api/v1/../../post-call", "/post-call/..;/api/v1/calls", "/api/v1x/calls", "/api/v1"]) {
      expect(await readApi.invoke(readEvent(path))).toMatchObject({ statusCode: 404 });
    }
    expect(readApi.calls()).toEqual([]);
    expect(await pipeline.keys()).toEqual([]);
  });
});
