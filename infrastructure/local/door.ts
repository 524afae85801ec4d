import type { IncomingMessage } from "node:http";
import type { Delivery, Reception } from "../../handlers/receive/receive.ts";
import type { Answer } from "./http-server.client.ts";
import { type Log, masked } from "./log.ts";
import { BodyTooLarge, readBody } from "./request-body.ts";

/** What the door needs from the archive behind it. */
export interface BehindTheDoor {
  readonly receive: (delivery: Delivery) => Promise<Reception>;
  /** Told of what was stored. The sender's answer does not wait for what comes of it. */
  readonly onStored: (key: string) => void;
  readonly health: () => { readonly pending: number; readonly failed: number };
  readonly maxBodyBytes: number;
  /** How long storing may take before the sender is told to try again, in milliseconds. */
  readonly storeTimeoutMs: number;
  readonly log: Log;
}

/**
 * What is answered over HTTP: `POST /post-call` and `GET /health`, one JSON object each.
 *
 * @throws if the sender goes away in the middle of its body: then there is nobody to answer.
 */
export async function answerTo(request: IncomingMessage, behind: BehindTheDoor): Promise<Answer> {
  const [path] = (request.url ?? "").split("?");
  if (path === "/health") return request.method === "GET" ? healthAnswer(behind) : notAllowed("GET");
  if (path !== "/post-call")
    return { status: 404, body: { status: "refused", reason: "no such path: POST /post-call" } };
  return request.method === "POST" ? receiveAnswer(request, behind) : notAllowed("POST");
}

function healthAnswer({ health }: BehindTheDoor): Answer {
  return { status: 200, body: { status: "ok", ...health() } };
}

async function receiveAnswer(request: IncomingMessage, behind: BehindTheDoor): Promise<Answer> {
  const { log, maxBodyBytes, storeTimeoutMs } = behind;
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
    const reception = await within(storeTimeoutMs, behind.receive(delivery));
    log({ ...decision(reception), bytes: body.length });
    release(body);
    if (reception.status === "stored") behind.onStored(reception.key);
    return { status: reception.status === "refused" ? 401 : 200, body: { ...reception } };
  } catch (error) {
    log({ event: "store failed", reason: masked(reasonOf(error)) });
    return {
      status: 500,
      body: { status: "failed", reason: "the archive could not store the delivery: send it again" },
    };
  }
}

/** Gives the body's memory back now: the collector might keep it while the processor reads the same bytes again. */
function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function decision({ status, ...rest }: Reception) {
  return { event: status, ...rest, ...("key" in rest && { key: masked(rest.key) }) };
}

function notAllowed(allow: string): Answer {
  return { status: 405, body: { status: "refused", reason: `only ${allow} is allowed here` }, headers: { allow } };
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
