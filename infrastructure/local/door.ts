import type { IncomingMessage } from "node:http";
import {
  type Answer,
  type Answering,
  answerDelivery,
  misdirected,
  notADelivery,
  notAllowed,
  plainPath,
  refusal,
} from "../../handlers/receive/answer.ts";
import { headerRefusal } from "../../handlers/receive/signature.ts";
import type { BytesInFlight } from "./bytes-in-flight.ts";
import type { HealthReport } from "./health-report.ts";
import { BodyTooLarge, readBody, release, statedTooLarge } from "./request-body.ts";

/** What the door needs from the archive behind it. */
export interface BehindTheDoor extends Answering {
  /** Told of what was stored. The sender's answer does not wait for what comes of it. */
  readonly onStored: (key: string) => void;
  readonly health: () => Promise<HealthReport>;
  readonly maxBodyBytes: number;
  /** Of all bodies together. */
  readonly inFlight: BytesInFlight;
  /** How long a sender may send nothing in the middle of its body, in milliseconds. */
  readonly bodyIdleMs: number;
}

/**
 * What is answered over HTTP: `POST /post-call` and `GET /health`, one JSON object each.
 *
 * What the path, the method, the stated length or the signature's header refuses is refused before the body is read.
 * `allowBody` is called before it is read.
 *
 * @throws if the sender goes away or stalls in the middle of its body: then there is nobody to answer.
 */
export async function answerTo(request: IncomingMessage, behind: BehindTheDoor, allowBody = () => {}): Promise<Answer> {
  const [path] = (request.url ?? "").split("?");
  if (plainPath(path) === "/health" && ["GET", "HEAD"].includes(request.method ?? "")) {
    return { status: 200, body: { ...(await behind.health()) } };
  }
  const wrong = plainPath(path) === "/health" ? notAllowed("GET, HEAD") : misdirected(path, request.method);
  if (wrong) behind.log(notADelivery(path, wrong));
  return wrong ?? refusedEarly(request, behind) ?? receiveAnswer(request, behind, allowBody);
}

/** The answer to a delivery that its headers alone refuse. */
function refusedEarly(request: IncomingMessage, { log, maxBodyBytes }: BehindTheDoor): Answer | undefined {
  const tooLarge = statedTooLarge(request, maxBodyBytes);
  if (tooLarge) return tooLargeAnswer(tooLarge, log);
  const reason = headerRefusal(request.headersDistinct["elevenlabs-signature"]);
  if (!reason) return undefined;
  log({ event: "refused", reason });
  return refusal(reason);
}

function tooLargeAnswer({ message }: BodyTooLarge, log: Answering["log"]): Answer {
  log({ event: "refused", reason: message });
  return { status: 413, body: { status: "refused", reason: message } };
}

async function receiveAnswer(request: IncomingMessage, behind: BehindTheDoor, allowBody: () => void): Promise<Answer> {
  const { log, maxBodyBytes, bodyIdleMs, inFlight, receive } = behind;
  const flight = inFlight.begin(request);
  let body: Buffer;
  try {
    allowBody();
    body = await readBody(request, { limit: maxBodyBytes, flight, idleMs: bodyIdleMs });
  } catch (error) {
    flight.end();
    if (!(error instanceof BodyTooLarge)) throw error;
    return tooLargeAnswer(error, log);
  }
  const delivery = { signature: request.headersDistinct["elevenlabs-signature"], body };
  const receiving = receive(delivery);
  const { answer, reception } = await answerDelivery(delivery, { ...behind, receive: () => receiving });
  // Storing that took too long may still be under way, with this body.
  const free = () => {
    release(body);
    flight.end();
  };
  receiving.then(free, free);
  if (reception && reception.status !== "refused") behind.onStored(reception.key);
  return answer;
}
