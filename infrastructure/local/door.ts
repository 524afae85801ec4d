import type { IncomingMessage } from "node:http";
import { type Answer, type Answering, answerDelivery, misdirected, notAllowed } from "../../handlers/receive/answer.ts";
import { BodyTooLarge, readBody } from "./request-body.ts";

/** What the door needs from the archive behind it. */
export interface BehindTheDoor extends Answering {
  /** Told of what was stored. The sender's answer does not wait for what comes of it. */
  readonly onStored: (key: string) => void;
  readonly health: () => { readonly pending: number; readonly failed: number };
  readonly maxBodyBytes: number;
}

/**
 * What is answered over HTTP: `POST /post-call` and `GET /health`, one JSON object each.
 *
 * @throws if the sender goes away in the middle of its body: then there is nobody to answer.
 */
export async function answerTo(request: IncomingMessage, behind: BehindTheDoor): Promise<Answer> {
  const [path] = (request.url ?? "").split("?");
  if (path === "/health") return request.method === "GET" ? healthAnswer(behind) : notAllowed("GET");
  return misdirected(path, request.method) ?? receiveAnswer(request, behind);
}

function healthAnswer({ health }: BehindTheDoor): Answer {
  return { status: 200, body: { status: "ok", ...health() } };
}

async function receiveAnswer(request: IncomingMessage, behind: BehindTheDoor): Promise<Answer> {
  const { log, maxBodyBytes } = behind;
  let body: Buffer;
  try {
    body = await readBody(request, maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    log({ event: "refused", reason: error.message });
    return { status: 413, body: { status: "refused", reason: error.message }, headers: { connection: "close" } };
  }
  const delivery = { signature: request.headersDistinct["elevenlabs-signature"], body };
  const { answer, reception } = await answerDelivery(delivery, behind);
  // Storing that took too long may still be under way, with this body.
  if (reception) release(body);
  if (reception && reception.status !== "refused") behind.onStored(reception.key);
  return answer;
}

/** Gives the body's memory back now: the collector might keep it while the processor reads the same bytes again. */
function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
