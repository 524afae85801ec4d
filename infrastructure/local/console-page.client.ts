import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import { accessProblem, isLoopback, loopbackHosts } from "../../handlers/read/http/access.ts";
import { Problem } from "../../handlers/read/problem.ts";
import { builtConsole } from "./console-build.client.ts";
import type { Besides } from "./http-server.client.ts";
import { refuse } from "./read-api.client.ts";

/** The views of the console. Each has the same page, which reads the address. */
const VIEW = /^\/(?:(?:calls|search|ask|archive)(?:\/[^/]*)?)?\/?$/;
/** Other files of the build. */
const FILE = /^\/(?:assets\/[\w.-]+|icon\.svg)$/;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

interface File {
  readonly bytes: Buffer;
  readonly zipped: Buffer | undefined;
  readonly type: string;
}

/**
 * The console for an HTTP server on `host`. `port` returns its port once it listens. `name` is shown as the archive's.
 *
 * The page has no data, so it needs no token: it sends the token of its address to the read API. On a loopback address,
 * it answers only that address, as the read API does. It is built and loaded by the first request.
 */
export function consolePage(name: string, log: Log, host: string, port: () => number): Besides {
  let loading: Promise<ReadonlyMap<string, File>> | undefined;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = isLoopback(host)
      ? accessProblem(
          { method: request.method ?? "", token: undefined, headers: request.headers, isAction: false },
          { kind: "loopback", hosts: loopbackHosts(port(), host) },
        )
      : undefined;
    if (problem) return refuse(response, problem);
    loading ??= builtConsole().then(filesIn);
    const files = await loading.catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const path = pathOf(request);
    const file = files.get(VIEW.test(path) ? "/index.html" : path);
    if (!file) return refuse(response, new Problem(404, "No such file", "Open / and reload the page."));
    if (VIEW.test(path)) sendPage(file, name, request, response);
    else sendFile(file, request, response);
  }

  return {
    owns: (request) =>
      ["GET", "HEAD"].includes(request.method ?? "") && (VIEW.test(pathOf(request)) || FILE.test(pathOf(request))),
    listener: (request, response) => {
      respond(request, response).catch((error: unknown) => {
        log({ event: "console failed", reason: reasonOf(error) });
        refuse(
          response,
          new Problem(500, "The console could not be built", "The log has the reason. The read API is not affected."),
        );
      });
    },
  };
}

function pathOf({ url = "" }: Pick<IncomingMessage, "url">): string {
  return url.split("?", 1)[0] ?? "";
}

/** Nothing is loaded from other hosts, and no script or style is executed that the build did not write. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function sendPage({ bytes }: File, name: string, request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString("base64");
  const about = `<meta name="archive-name" content="${escaped(name)}"><meta name="csp-nonce" content="${nonce}">`;
  const page = Buffer.from(bytes.toString().replace("<title>", `${about}<title>`));
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": page.length,
    "content-security-policy": policy(nonce),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
  response.end(request.method === "HEAD" ? undefined : page);
}

function sendFile({ bytes, zipped, type }: File, request: IncomingMessage, response: ServerResponse): void {
  const isZipped = zipped !== undefined && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const body = isZipped ? zipped : bytes;
  response.writeHead(200, {
    "content-type": type,
    "content-length": body.length,
    ...(isZipped && { "content-encoding": "gzip" }),
    vary: "accept-encoding",
    // Its name changes with its content.
    "cache-control": pathOf(request).startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, File>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      const zipped = type === "font/woff2" ? undefined : gzipSync(bytes);
      return [`/${relative(folder, path).split(sep).join("/")}`, { bytes, zipped, type }] as const;
    });
  return new Map(await Promise.all(files));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
