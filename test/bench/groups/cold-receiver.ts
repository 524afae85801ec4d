import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { at, number } from "../../../handlers/call/json.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { bundle } from "../../../infrastructure/aws/bundle.client.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { loopback } from "../../support/servers/loopback.ts";
import { s3Server } from "../../support/servers/s3-server.ts";
import type { Group } from "../group.ts";
import { type BenchRow, measurement } from "../measurement.ts";
import { withTemporaryFolder } from "../temporary-folder.ts";

const SECRET = "wsec_measured";
const RUNS = { full: 15, quick: 1 };

/** The first delivery of a new process: its CPU time and its wall time. Services answer at once. */
export const coldReceiver: Group = {
  name: "cold-receiver",
  measure: (scale) =>
    withTemporaryFolder(async (folder) => {
      await using s3 = closing(await s3Server());
      await using secrets = closing(await secretServer());
      const env = environmentOf(s3.url, secrets.url);
      const bundles = await bundlesIn(folder);
      const times = { ours: newTimes(), alternative: newTimes(), floor: newTimes() };
      for (let run = 0; run < RUNS[scale]; run += 1) {
        add(times.ours, await firstDelivery(bundles.driver, bundles.receiver, env));
        add(times.alternative, await firstDelivery(bundles.driver, bundles.s3, env));
        add(times.floor, await firstDelivery(bundles.driver, bundles.empty, env));
      }
      return (["cpuMs", "ms"] as const).map((which): BenchRow => {
        const ofAll = which === "cpuMs" ? "CPU time" : "wall time";
        return {
          name: `the first delivery, ${ofAll}`,
          unit: "ms",
          ours: measurement("the bundled receiver", times.ours[which]),
          alternative: measurement("the S3 client alone, one put", times.alternative[which]),
          floor: measurement("an empty handler", times.floor[which]),
        };
      });
    }),
};

interface Times {
  readonly cpuMs: number[];
  readonly ms: number[];
}

function newTimes(): Times {
  return { cpuMs: [], ms: [] };
}

function add(times: Times, { cpuMs, ms }: { readonly cpuMs: number; readonly ms: number }): void {
  times.cpuMs.push(cpuMs);
  times.ms.push(ms);
}

/** The deployed receiver, and what it is compared with, bundled in the same way. */
async function bundlesIn(folder: string) {
  const cold = join(import.meta.dirname, "../cold");
  await build({
    entryPoints: [join(cold, "driver.ts"), join(cold, "empty-handler.ts"), join(cold, "s3-handler.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    mainFields: ["module", "main"],
  });
  const inFolder = (name: string) => join(folder, `${name}.mjs`);
  const receiver = join((await bundle("receiver")).folder, "index.mjs");
  return { driver: inFolder("driver"), receiver, s3: inFolder("s3-handler"), empty: inFolder("empty-handler") };
}

async function firstDelivery(driver: string, handler: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [driver, handler, JSON.stringify(eventOf(aTranscription()))], {
    env: { ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [output] = await Promise.all([text(child.stderr), once(child, "exit")]);
  const [, last = ""] = /(\{[^\n]*\})\s*$/.exec(output) ?? [];
  const printed: unknown = JSON.parse(last || "null");
  if (at(printed, "statusCode") !== 200) throw new Error(`the delivery was not stored: ${output}`);
  return { cpuMs: number(at(printed, "cpuMs")) ?? Number.NaN, ms: number(at(printed, "ms")) ?? Number.NaN };
}

function eventOf(body: Buffer) {
  const http = { sourceIp: "127.0.0.1", path: "/post-call", method: "POST" };
  const headers = { "elevenlabs-signature": signature(body, SECRET, new Date()) };
  return { requestContext: { http, stage: "$default" }, headers, body: body.toString(), isBase64Encoded: false };
}

function environmentOf(s3Url: string, secretsUrl: string): Record<string, string> {
  return {
    ARCHIVE_BUCKET: "bucket",
    WEBHOOK_SECRET_ARN: "arn:aws:ssm:us-east-1:123456789012:parameter/secret",
    SIGNATURE_TOLERANCE_SECONDS: "1800",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: secretsUrl,
    AWS_ENDPOINT_URL_S3: s3Url,
    POWERTOOLS_METRICS_NAMESPACE: "bench",
  };
}

/** Answers each request as Systems Manager does, with the secret. */
function secretServer() {
  return loopback(async (incoming, response) => {
    for await (const _ of incoming);
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify({ Parameter: { Name: "/secret", Type: "SecureString", Value: SECRET } }));
  });
}

function closing<Server extends { close(): Promise<void> }>(server: Server): Server & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}
