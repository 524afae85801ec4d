import { readdir, readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { sha256 } from "../../../handlers/call/digest.ts";
import { keyOfFile } from "../../../handlers/clients/archive/key-path.ts";
import type { Reply } from "./faulty-server.ts";
import { loopback } from "./loopback.ts";

export interface S3Server {
  readonly url: string;
  /** The objects, by key. There is one bucket, with any name. */
  readonly objects: ReadonlyMap<string, { readonly body: Buffer }>;
  /** The number of requests by operation: `GetObject` and so on. */
  readonly requests: ReadonlyMap<string, number>;
  put(key: string, body: Buffer): void;
  /** Puts every file of `folder`; its path below it is the key. */
  load(folder: string): Promise<void>;
  close(): Promise<void>;
}

interface ServedObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

interface S3Request {
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const PAGE_KEYS = 1_000;

const OF_OBJECT: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

/**
 * Starts a server with the operations of S3 that an archive of small objects needs, in its REST protocol with the
 * bucket in the path. Without copies, parts and old versions. Each answer comes after `latencyMs`.
 */
export async function s3Server({ latencyMs = 0 } = {}): Promise<S3Server> {
  const objects = new Map<string, ServedObject>();
  const requests = new Map<string, number>();
  let sortedKeys: readonly string[] | undefined;
  let puts = 0;

  function store(key: string, body: Buffer, metadata: Readonly<Record<string, string>> = {}): Reply {
    if (!objects.has(key)) sortedKeys = undefined;
    puts += 1;
    const names = { etag: `"${sha256(body)}"`, "x-amz-version-id": String(puts) };
    objects.set(key, { body, headers: { ...names, ...metadata, "last-modified": new Date().toUTCString() } });
    return { status: 200, headers: names };
  }

  const operations: Record<string, (request: S3Request) => Reply> = {
    GetObject({ key }) {
      const found = objects.get(key);
      return found ? { status: 200, ...found } : problem(404, "NoSuchKey");
    },
    HeadObject({ key }) {
      const found = objects.get(key);
      return found ? { status: 200, ...found } : { status: 404 };
    },
    PutObject({ key, headers, body }) {
      const etag = objects.get(key)?.headers["etag"];
      const mustBe = headers["if-match"];
      if (mustBe !== undefined && etag === undefined) return problem(404, "NoSuchKey");
      if (mustBe !== undefined && etag !== mustBe) return problem(412, "PreconditionFailed");
      if (headers["if-none-match"] === "*" && etag !== undefined) return problem(412, "PreconditionFailed");
      return store(key, body, metadataOf(headers));
    },
    DeleteObject({ key }) {
      if (objects.delete(key)) sortedKeys = undefined;
      return { status: 204 };
    },
    ListObjectsV2({ query }) {
      sortedKeys ??= [...objects.keys()].sort();
      return { status: 200, body: listed(sortedKeys, query, (key) => objects.get(key)?.body.length ?? 0) };
    },
  };

  async function serve(incoming: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams: query } = new URL(incoming.url ?? "/", "http://loopback");
    const [, key = ""] = /^\/[^/]+\/(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    const request = { key, query, headers: incoming.headers, body: await buffer(incoming) };
    const kind = kindOf(incoming.method, request);
    requests.set(kind, (requests.get(kind) ?? 0) + 1);
    if (latencyMs > 0) await setTimeout(latencyMs);
    const { status, headers, body = "" } = operations[kind]?.(request) ?? problem(501, "NotImplemented");
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
  }

  const { url, close } = await loopback(serve);
  return {
    url,
    objects,
    requests,
    put: store,
    async load(folder) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) store(keyOfFile(folder, path), await readFile(path));
      }
    },
    close,
  };
}

/** The name of the operation; the method and the query of an operation that this server does not have. */
function kindOf(method = "", { key, query, headers }: S3Request): string {
  if (method === "GET" && key === "" && query.get("list-type") === "2") return "ListObjectsV2";
  const isOfObject = key !== "" && !query.has("uploadId") && headers["x-amz-copy-source"] === undefined;
  return (isOfObject && OF_OBJECT[method]) || `${method} ?${query}`;
}

function metadataOf(headers: IncomingHttpHeaders): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

/** One page of a list. The token of the next page is the last key or folder of this one. */
function listed(keys: readonly string[], query: URLSearchParams, sizeOf: (key: string) => number): string {
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const after = query.get("continuation-token") ?? "";
  const entries = new Map<string, string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (name <= after || entries.has(name)) continue;
    if (entries.size === PAGE_KEYS) return listXml(entries, [...entries.keys()].at(-1));
    const text = escaped(name);
    const folder = `<CommonPrefixes><Prefix>${text}</Prefix></CommonPrefixes>`;
    const object = `<Contents><Key>${text}</Key><Size>${sizeOf(key)}</Size></Contents>`;
    entries.set(name, end < 0 ? object : folder);
  }
  return listXml(entries);
}

function listXml(entries: ReadonlyMap<string, string>, token?: string): string {
  const next = token === undefined ? "" : `<NextContinuationToken>${escaped(token)}</NextContinuationToken>`;
  const isTruncated = `<IsTruncated>${token !== undefined}</IsTruncated>`;
  return `<ListBucketResult>${isTruncated}${next}${[...entries.values()].join("")}</ListBucketResult>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function problem(status: number, code: string): Reply {
  return { status, body: `<Error><Code>${code}</Code><Message>the message of S3</Message></Error>` };
}
