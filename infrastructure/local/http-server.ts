import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Delivery, Reception } from "../../handlers/receive/receive.ts";
import type { Log } from "./log.ts";
import { masked } from "./log.ts";
import { BodyTooLarge, readBody } from "./request-body.ts";

export interface ServerOptions {
  readonly receive: (delivery: Delivery) => Promise<Reception>;
  /** Told of what was stored, after the sender has its answer. */
  readonly onStored: (key: string) => void;
  readonly health: () => { readonly pending: number; readonly failed: number };
  readonly maxBodyBytes: number;
  /** How long storing may take before the sender is told to try again, in milliseconds. */
  readonly storeTimeoutMs: number;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The archive's door over HTTP: `POST /post-call` and `GET /health`. Every answer is one JSON object. */
export function httpServer(options: ServerOptions): Server {
  return createServer((request, response) => {
    answerTo(request, options)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        // Only a sender that went away in the middle of its body gets here: there is nobody to answer.
        options.log({ event: "delivery cut", reason: reasonOf(error) });
        response.destroy();
      });
  });
}

async function answerTo(request: IncomingMessage, options: ServerOptions): Promise<Answer> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/health") return request.method === "GET" ? healthAnswer(options) : notAllowed("GET");
  if (path !== "/post-call")
    return { status: 404, body: { status: "refused", reason: "no such path: POST /post-call" } };
  return request.method === "POST" ? receiveAnswer(request, options) : notAllowed("POST");
}

function healthAnswer({ health }: ServerOptions): Answer {
  return { status: 200, body: { status: "ok", ...health() } };
}

async function receiveAnswer(request: IncomingMessage, options: ServerOptions): Promise<Answer> {
  const { log, maxBodyBytes, storeTimeoutMs } = options;
  let body: Buffer;
  try {
    body = await readBody(request, maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    log({ event: "refused", reason: error.message });
    return { status: 413, body: { status: "refused", reason: error.message }, headers: { connection: "close" } };
  }
  try {
    const delivery = { signature: request.headersDistinct["elevenlabs-signature"], body };
    const reception = await within(storeTimeoutMs, options.receive(delivery));
    log({ ...decision(reception), bytes: body.length });
    if (reception.status === "stored") options.onStored(reception.key);
    return { status: reception.status === "refused" ? 401 : 200, body: { ...reception } };
  } catch (error) {
    log({ event: "store failed", reason: masked(reasonOf(error)) });
    return {
      status: 500,
      body: { status: "failed", reason: "the archive could not store the delivery: send it again" },
    };
  }
}

function decision({ status, ...rest }: Reception) {
  return { event: status, ...rest, ...("key" in rest && { key: masked(rest.key) }) };
}

function notAllowed(allow: string): Answer {
  return { status: 405, body: { status: "refused", reason: `only ${allow} is allowed here` }, headers: { allow } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`storing took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
