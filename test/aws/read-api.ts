import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { at } from "../../handlers/call/json.ts";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { folderStores } from "../../infrastructure/local/folder-stores.ts";
import { engineOn } from "../queries/analytics-folder.ts";
import { spawnCommand } from "../support/fixtures/command.ts";
import { aFailure, anAudio, aTranscription, transcriptOf } from "../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post } from "../support/fixtures/local.ts";
import { answersOf } from "../support/servers/athena-answers.ts";
import { type AthenaBehaviour, anAthenaServer } from "../support/servers/athena-server.ts";
import { aStack } from "./a-deployment.ts";
import { AWS_ENV, aBucket, s3 } from "./aws.ts";
import { aLambda, type LambdaOptions } from "./lambda.ts";
import { aSecret } from "./pipeline.ts";

/** A response that is read to its end. */
export interface Read {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends a request to a read API, by its path after `/api/v1`, and does not follow a redirect. */
export type Get = (path: string, headers?: Readonly<Record<string, string>>, method?: "GET" | "HEAD") => Promise<Read>;

const CALLER = "arn:aws:sts::123456789012:assumed-role/reader/someone";

/** The requests of a read API at `url`. */
function requestsTo(url: string): Get {
  return async (path, headers = {}, method = "GET") =>
    readFrom(await fetch(`${url}${path}`, { headers, method, redirect: "manual" }));
}

/** Reads a response to its end. */
export async function readFrom(response: Response): Promise<Read> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const { status, headers } = response;
  return { status, type: headers.get("content-type"), headers, bytes, text: bytes.toString() };
}

/** The recorded calls conv_1, with a recording, and conv_2, a failed attempt, in a folder and its running archive. */
export async function aFolderWithCalls() {
  const folder = await newFolder();
  const archive = await aRunningArchive(folder);
  const transcript = transcriptOf("Hello, how can I help?", "I want 100% of it_ back: '\\' 🙂 שלום");
  const variables = { dynamic_variables: { order: "=7" } };
  await post(archive.url, aTranscription({ transcript, conversation_initiation_client_data: variables }));
  await post(archive.url, anAudio());
  await post(archive.url, aFailure({ conversation_id: "conv_2" }));
  await archive.queue.idle();
  return { folder, url: archive.url, get: requestsTo(`${archive.url}/api/v1`) };
}

/** Copies the archive in `folder` into buckets, and starts the stand-in for Athena over the same tables. */
export async function onAws(folder: string, behaviour: AthenaBehaviour = {}) {
  const [archiveBucket, analyticsBucket] = [await aBucket(), await aBucket()];
  const stores = folderStores(folder);
  const [archive, analytics] = [s3Archive(archiveBucket, s3), s3Archive(analyticsBucket, s3)];
  await copyAll(stores.archive, archive);
  await copyAll(stores.analytics, analytics);
  const engine = await engineOn(join(folder, "analytics"));
  const athena = await anAthenaServer({ answer: answersOf(engine), polls: 1, ...behaviour });
  return { archive, analytics, archiveBucket, analyticsBucket, athena };
}

type OnAws = Awaited<ReturnType<typeof onAws>>;

async function copyAll(from: Archive, to: Archive): Promise<void> {
  for await (const { key } of from.list("")) {
    const { body, metadata } = (await from.get(key)) ?? {};
    // moto does not change the type of a response as the address requests: the object has it already, as in S3.
    const contentType = key.endsWith(".mp3") ? "audio/mpeg" : "application/json";
    if (body) await to.put(key, body, { metadata: metadata ?? {}, contentType });
  }
}

/** The bundled function behind a stand-in for the HTTP API, under the policies of its role. */
export async function theFunction({ archiveBucket, analyticsBucket, athena }: OnAws, options: LambdaOptions = {}) {
  const env = {
    ARCHIVE_BUCKET: archiveBucket,
    ANALYTICS_BUCKET: analyticsBucket,
    DATABASE: "calls",
    AWS_ENDPOINT_URL_ATHENA: athena.url,
  };
  const lambda = await aLambda("readApi", env, options);
  const get: Get = async (path, headers = {}, method = "GET") =>
    readFrom(responseOf(await lambda.invoke(readEvent(`/api/v1${path}`, headers, method))));
  return { ...lambda, get };
}

/** An event of the HTTP API for a request that IAM allowed, payload format 2.0. */
export function readEvent(url: string, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const [rawPath = "", ...query] = url.split("?");
  const domainName = "abc123.execute-api.us-east-1.amazonaws.com";
  return {
    version: "2.0",
    routeKey: `${method} /api/v1/{proxy+}`,
    rawPath,
    rawQueryString: query.join("?"),
    headers: { host: domainName, authorization: "AWS4-HMAC-SHA256 …", ...headers },
    requestContext: {
      stage: "$default",
      domainName,
      authorizer: { iam: { userArn: CALLER } },
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
    },
    isBase64Encoded: false,
  };
}

/** The response that API Gateway makes of a function's result. */
function responseOf(result: unknown): Response {
  const [status, body] = [Number(at(result, "statusCode")), String(at(result, "body") ?? "")];
  const bytes = Buffer.from(body, at(result, "isBase64Encoded") === true ? "base64" : "utf8");
  const headers = new Headers(Object(at(result, "headers")));
  // `fetch` decodes what the server encoded.
  if (headers.get("content-encoding") !== "gzip")
    return new Response(bytes.length > 0 ? bytes : null, { status, headers });
  const decoded = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(decoded, { status, headers });
}

/** `serve --stack` in its own process, with the variables in `more`. */
export async function served(
  { archiveBucket, analyticsBucket, athena }: OnAws,
  more: Readonly<Record<string, string>> = {},
  outputs: Readonly<Record<string, string>> = {},
) {
  const stack = await aStack({
    ArchiveBucketName: archiveBucket,
    AnalyticsBucketName: analyticsBucket,
    WorkgroupName: "archive",
    DatabaseName: "calls",
    WebhookSecretArn: await aSecret("wsec_test"),
    ...outputs,
  });
  const env = { ...AWS_ENV, AWS_ENDPOINT_URL_ATHENA: athena.url, PORT: "0", ...more };
  const child = spawnCommand("serve", await newFolder(), ["--stack", stack], env);
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  for await (const line of createInterface(child.stderr)) {
    const [, url] = /is at (http:\S+\/api\/v1)\/calls/.exec(line) ?? [];
    if (url !== undefined) return { get: requestsTo(url), lines };
    lines.push(line);
  }
  throw new Error(`serve ended: ${lines.join("\n")}`);
}
