import type { IncomingMessage } from "node:http";
import { type Log, reasonOf } from "../../handlers/clients/log.ts";
import {
  type Answer,
  answerOf,
  NO_SUCH_PATH,
  notAllowed,
  PATH,
  receptionEntry,
  STORE_FAILED,
  within,
} from "../../handlers/receive/answer.ts";
import type { Delivery, Reception } from "../../handlers/receive/receive.ts";
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
  if (path !== PATH) return NO_SUCH_PATH;
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
    log({ ...receptionEntry(reception), bytes: body.length });
    release(body);
    if (reception.status === "stored") behind.onStored(reception.key);
    return answerOf(reception);
  } catch (error) {
    log({ event: "store failed", reason: reasonOf(error) });
    return STORE_FAILED;
  }
}

/** Gives the body's memory back now: the collector might keep it while the processor reads the same bytes again. */
function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
